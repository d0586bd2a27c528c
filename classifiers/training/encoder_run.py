"""The whole of fine-tuning: read, part, train, keep what changed, measure what is kept, write."""

import hashlib
import importlib.metadata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from classifiers.adapted import merge, read_changes, write_changes
from classifiers.encoder import load_tokenizer
from classifiers.head import HIGHEST, write_head
from classifiers.training import thresholds
from classifiers.training.adapt import SCALE, Plan, logits_of
from classifiers.training.fit import SOURCE_EXPONENT, Flags, Floats
from classifiers.training.masked import LABELS, Row, read_masked
from classifiers.training.seeds import average, one_thread, packaged, trained
from classifiers.training.sentences import HELD_OUT as HELD_OUT_SENTENCES
from classifiers.training.sentences import HERE, write_sentences
from classifiers.training.sources import HUB_EXAMPLES, READERS
from classifiers.weights import file_sha256, model_folder, verify

# One in ten of the groups is held out: a template with all of its sentences, a tweet, a message.
HELD_OUT = 0.1
# The lowest threshold of a label, and the least area under the ROC curve, within every source of others, from which on
# a label may be confident.
LEAST, SURE = 0.3, 0.9
OURS = frozenset({"ours", "hub"})
CLAUSES = {
    "toxicity": "code-of-conduct",
    "hate": "hate-speech",
    "harassment": "harassment",
    "threat": "harms-others",
    "sexual": "unrequested-sexual-content",
    "violence": "glorifying-violence",
    "self-harm": "self-harm",
    "spam": "spam",
    "scam": "fraud-phishing",
}


def adapt_encoder(
    data: Path, out: Path, plan: Plan, seeds: Sequence[int], say: Callable[[str], None]
) -> dict[str, Any]:
    """Trains on the folder `data`, writes the encoder's changes and the head to `out`, returns the head's `training`.

    Once with each seed, from the same start, as many at a time as there are processors: what is kept is the average of
    the weights.

    Equal data and plan give equal files on one kind of processor: each seed is trained on the CPU, on one thread,
    whatever there is. Raises BadData or WrongWeights, and then writes nothing.
    """
    rows = read_masked(data)
    verify(model_folder())
    with one_thread():
        return _adapted(rows, data, out, plan, seeds, say)


def _adapted(
    rows: Sequence[Any], data: Path, out: Path, plan: Plan, seeds: Sequence[int], say: Callable[[str], None]
) -> dict[str, Any]:
    away = [is_held_out(row.group) for row in rows]
    seen = [row for row, held in zip(rows, away, strict=True) if not held]
    unseen = [row for row, held in zip(rows, away, strict=True) if held]
    unseen += write_sentences(folder=HELD_OUT_SENTENCES)
    say(f"{len(seen):,} rows to fit on, {len(unseen):,} held out")
    tokenizer = load_tokenizer(model_folder())
    model = average(trained(seen, [replace(plan, seed=seed) for seed in seeds], say))
    encoder_sha256 = write_changes(out, changes(model.encoder, packaged()))
    kept = packaged()
    merge(kept, read_changes(out, encoder_sha256))
    model.encoder = kept.eval()
    labels, figures = measure(unseen, logits_of(model, tokenizer, [row.text for row in unseen]))
    training = {
        "plan": {key: value for key, value in asdict(plan).items() if key != "seed"},
        "seeds": list(seeds),
        "rows": dict(Counter(row.source for row in seen)),
        "held_out_rows": dict(Counter(row.source for row in unseen)),
        "held_out_figures": figures,
        "prevalence": thresholds.PREVALENCE,
        "data_sha256": {_name(path): file_sha256(path) for path in _files(data)},
        "libraries": {name: importlib.metadata.version(name) for name in ("torch", "transformers")},
    }
    write_head(
        out,
        weights=(model.head.weight.detach() * SCALE).numpy().astype(np.float32),
        bias=model.bias.detach().numpy().astype(np.float32),
        labels=labels,
        encoder_sha256=encoder_sha256,
        training=training,
        clauses=CLAUSES,
    )
    return training


def changes(encoder: Any, before: Any) -> dict[str, Any]:
    """What training changed of each weight that it may change."""
    was = dict(before.named_parameters())
    return {
        name: (value.detach() - was[name].detach()).numpy()
        for name, value in encoder.named_parameters()
        if value.requires_grad
    }


def is_held_out(group: str) -> bool:
    """By its name alone, so that the same rows are held out from every run."""
    digest = hashlib.sha256(f"0 {group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < HELD_OUT


def measure(rows: Sequence[Row], logits: Floats) -> tuple[dict[str, dict[str, float]], dict[str, Any]]:
    """The thresholds of each label and its figures, on rows that were held out."""
    labels: dict[str, dict[str, float]] = {}
    figures: dict[str, Any] = {}
    sources = np.array([row.source.partition("-")[0] for row in rows])
    for place, label in enumerate(LABELS):
        known = np.array([label in row.truth for row in rows])
        positive = np.array([row.truth.get(label, 0.0) > 0.5 for row in rows])[known]
        of, found = sources[known], logits[known, place]
        values = np.minimum(1 / (1 + np.exp(-found)), HIGHEST)
        weights = expected(of, positive)
        flagged = thresholds.choose(positive, values, weights, thresholds.FLAG_PRECISION)
        # Where a label is easy to tell, that would be far down among what has nothing of it.
        flagged = thresholds.at_least(LEAST, flagged, positive, values, weights)
        confident = thresholds.choose(positive, values, weights, thresholds.CONFIDENT_PRECISION)
        if set(of[positive]) <= OURS:
            confident = thresholds.NONE  # what we think of ourselves is easy to tell: no rule acts on that alone
        apart = areas(of, positive, found)
        if min((area for name, area in apart.items() if name not in OURS), default=1.0) < SURE:
            # What people wrote elsewhere is not told apart well enough, whatever our own sentences say.
            confident = thresholds.NONE
        labels[label] = {"threshold": flagged.value, "confident": max(flagged.value, confident.value)}
        figures[label] = {
            "rows": int(known.sum()),
            "positive": int(positive.sum()),
            "auroc": round(float(roc_auc_score(positive, found)), 4),
            "average_precision": round(float(average_precision_score(positive, found)), 4),
            "auroc_by_source": apart,
            "threshold": {"precision": flagged.precision, "recall": flagged.recall},
            "confident": {"precision": confident.precision, "recall": confident.recall},
        }
    return labels, figures


def areas(sources: Any, positive: Flags, logits: Floats) -> dict[str, float]:
    """The area under the ROC curve within each source that has both sides."""
    return {
        str(name): round(float(roc_auc_score(positive[sources == name], logits[sources == name])), 4)
        for name in sorted(set(sources))
        if 0 < positive[sources == name].sum() < (sources == name).sum()
    }


def expected(sources: Any, positive: Flags) -> Floats:
    """A weight per row, so that each side is made up as expected in use: half of it like our own lines."""
    weights = np.zeros(len(sources))
    for side in (True, False):
        of_side = positive == side
        for source in set(sources[of_side]):
            group = of_side & (sources == source)
            weights[group] = float(group.sum()) ** (SOURCE_EXPONENT - 1)
        ours = of_side & np.isin(sources, sorted(OURS))
        theirs = of_side & ~ours
        share = thresholds.HUB_SHARE if ours.any() and theirs.any() else 1.0
        for part, whole in ((ours, share), (theirs, 1 - share if ours.any() else 1.0)):
            if part.any():
                weights[part] *= whole / weights[part].sum()
    return weights


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent == HELD_OUT_SENTENCES else path.name


def _files(data: Path) -> list[Path]:
    terms = [path for path in [data / "terms-en.txt"] if path.is_file()]
    return [*(data / name for name in READERS), *terms, HUB_EXAMPLES, *sorted(HERE.rglob("*.txt"))]
