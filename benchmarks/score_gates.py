"""What the default precision costs: a text's score alone and beside others, and the ranking of labelled comments."""

import random
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from benchmarks.score_texts import read
from classifiers.device import pick_text_precision
from classifiers.text import TextClassifier, load_default

LOST = 0.002
# How far one text's scores may lie apart. Whole numbers add up alike in any order; sums of halves are rounded, and on
# processors with tiles their order follows the size of the batch: no more than what bf16 costs anyway.
DIFFERENCES = {"int8": 0.002, "bf16": 0.01, "fp16": 0.01, "fp32": 0.0001}
MOST = 400  # labelled comments, so that a run stays short
Limit = tuple[str, float, str, bool]


def gates(file: Path | None, texts: list[str]) -> tuple[dict[str, Any], list[Limit]]:
    """Figures and limits for the default classifier on the CPU in its default precision."""
    precision = pick_text_precision("cpu")
    ours, exact = (load_default("cpu", kind, cached=False) for kind in (precision, "fp32"))
    labelled, toxic = read(file) if file else ([], None)
    places = random.Random(1).sample(range(len(labelled)), min(MOST, len(labelled)))
    beside = [*texts, *(labelled[place] for place in places[:64])]
    together = values(ours, beside)
    apart = [values(ours, [text])[0] for text in beside]
    shuffled = random.Random(2).sample(range(len(beside)), len(beside))
    mixed = values(ours, [beside[place] for place in shuffled])
    far = max(
        *(_far(a, b) for a, b in zip(together, apart, strict=True)),
        *(_far(mixed[at], apart[place]) for at, place in enumerate(shuffled)),
    )
    figures: dict[str, Any] = {
        "precision": precision,
        "alone_and_in_a_batch": far,
        "from_fp32": max(_far(a, b) for a, b in zip(apart, values(exact, beside), strict=True)),
    }
    most = DIFFERENCES[precision]
    limits: list[Limit] = [
        (f"{precision}: most a score differs alone and in any batch", far, f"<= {most}", far <= most)
    ]
    if toxic is not None:
        truth = [toxic[place] for place in places]
        first = [[one[0] for one in values(kind, [labelled[place] for place in places])] for kind in (exact, ours)]
        before, after = (float(roc_auc_score(truth, of_kind)) for of_kind in first)
        figures |= {"comments": len(places), "auroc_fp32": round(before, 4), "auroc": round(after, 4)}
        lost = before - after
        limits.append((f"{precision}: AUROC lost to fp32", round(lost, 5), f"<= {LOST}", lost <= LOST))
    return figures, limits


def values(classifier: TextClassifier, texts: list[str]) -> list[list[float]]:
    """For each text the value of each label."""
    return [[score.value for score in scores] for scores in classifier.score(texts)]


def _far(a: list[float], b: list[float]) -> float:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))
