"""One loss for all labels: what is not known of a text is masked, and positive texts of rare labels weigh more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from classifiers.training.masked import LABELS, Row


def masked_loss(logits: Any, truth: Any, known: Any, weights: Any) -> Any:
    """The mean cross entropy over what is known; all are (texts, labels), `weights` (labels)."""
    each = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    return (each * known * torch.where(truth > 0.5, weights, 1.0)).sum() / known.sum()


def truth_and_known(said: Sequence[Mapping[str, float]]) -> tuple[Any, Any]:
    """What is true of each text, and what is known of it: (texts, labels) both."""
    truth, known = torch.zeros(len(said), len(LABELS)), torch.zeros(len(said), len(LABELS))
    for place, of_text in enumerate(said):
        for at, label in enumerate(LABELS):
            if label in of_text:
                truth[place, at], known[place, at] = of_text[label], 1.0
    return truth, known


def label_weights(rows: Sequence[Row], shares: Mapping[str, float], most: float) -> Any:
    """How much a positive row of each label weighs: the rarer in a round, the more, by at most `most`."""
    sizes = Counter(row.source for row in rows)
    positive, known = np.zeros(len(LABELS)), np.zeros(len(LABELS))
    for row in rows:
        part = shares.get(row.source, 0.0) / sizes[row.source]
        for place, label in enumerate(LABELS):
            if label in row.truth:
                known[place] += part
                positive[place] += part * row.truth[label]
    ratio = np.sqrt((known - positive) / np.maximum(positive, 1e-6))
    return torch.tensor(np.clip(ratio, 0.5, most), dtype=torch.float32)
