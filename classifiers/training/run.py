"""The whole of a training run: read, embed, split, fit, measure, write."""

import importlib.metadata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.encoder import DIMENSIONS, Encoder, load_encoder
from classifiers.head import HIGHEST, write_head
from classifiers.training import fit, thresholds
from classifiers.training.sources import HUB_EXAMPLES, LABELS, READERS, Example, read
from classifiers.weights import WEIGHTS_SHA256, file_sha256
from classifiers.windows import cut


def train(data: Path, out: Path, seed: int) -> dict[str, Any]:
    """Fits the head on the folder `data`, writes it to `out`, returns its metadata's `training` part.

    Equal data, seed and library versions give equal bytes: the encoder runs on the CPU in fp32 whatever there
    is. Raises BadData if the data cannot be used, and then writes nothing.
    """
    examples = read(data)
    fit.folds(examples, seed)  # refuses too little data before the long part
    vectors = embed(load_encoder("cpu", "fp32"), [example.text for example in examples])
    heads, labels, figures = [], {}, {}
    for label in LABELS:
        positive = fit.flags(examples, label)
        heads.append(fit.fit(vectors, positive, fit.balance(examples, positive)))
        labels[label], figures[label] = measure(examples, positive, fit.held_out(examples, vectors, positive, seed))
    training = {
        "seed": seed,
        "rows": _count(examples),
        "held_out_figures": figures,
        "folds": fit.FOLDS,
        "prevalence": thresholds.PREVALENCE,
        "data_sha256": {path.name: file_sha256(path) for path in (*(data / name for name in READERS), HUB_EXAMPLES)},
        "scikit-learn": importlib.metadata.version("scikit-learn"),
    }
    write_head(
        out,
        weights=np.array([head.weights for head in heads], dtype=np.float32),
        bias=np.array([head.bias for head in heads], dtype=np.float32),
        labels=labels,
        encoder_sha256=WEIGHTS_SHA256,
        training=training,
    )
    return training


def embed(encoder: Encoder, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """One vector per text: of its first window, which all but a few texts fit into."""
    windows = cut(encoder.tokenizer, texts)
    first = {window.document: window for window in reversed(windows)}
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    vectors[list(first)] = encoder.embed(list(first.values()))
    return vectors


def measure(
    examples: Sequence[Example], positive: fit.Flags, logits: fit.Floats
) -> tuple[dict[str, float], dict[str, Any]]:
    """A label's two thresholds and its figures, from logits of rows that were held out."""
    values, weights = np.minimum(1 / (1 + np.exp(-logits)), HIGHEST), thresholds.expected(examples, positive)
    flagged = thresholds.choose(positive, values, weights, thresholds.FLAG_PRECISION)
    confident = thresholds.choose(positive, values, weights, thresholds.CONFIDENT_PRECISION)
    figures = {
        **fit.figures(positive, logits),
        "auroc_by_source": fit.by_source(examples, positive, logits),
        "threshold": {"precision": flagged.precision, "recall": flagged.recall},
        "confident": {"precision": confident.precision, "recall": confident.recall},
    }
    return {"threshold": flagged.value, "confident": confident.value}, figures


def _count(examples: Sequence[Example]) -> dict[str, int]:
    """How many rows of each source, and of each label."""
    rows = Counter(example.source for example in examples)
    return {**rows, **{label: int(fit.flags(examples, label).sum()) for label in LABELS}}
