"""A threshold by the precision that it is to have, on rows whose truth is known (H8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.evaluation.metrics import Flags, Floats
from classifiers.head import NEVER

# Thresholds are said with so many decimals, and chosen among these.
STEPS = 10_000


@dataclass(frozen=True)
class Chosen:
    """What flagging from `threshold` on does: `right` of `flagged` rows are positive, of `positive` in all."""

    threshold: float
    flagged: int
    right: int
    positive: int

    @property
    def precision(self) -> float:
        """Right of flagged."""
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """Right of all that are positive."""
        return self.right / self.positive if self.positive else 0.0


def for_precision(positive: Flags | Sequence[bool], values: Floats, target: float, least: int) -> Chosen | None:
    """The lowest threshold from which on at least the share `target` of what is flagged is positive.

    None where no threshold that flags `least` rows or more reaches it.
    """
    truth = np.asarray(positive, dtype=bool)
    # The highest step that flags each value; rounded first, because 0.29 × 10,000 is a little less than 2,900.
    reached = np.floor(np.round(values * STEPS, 6)).astype(np.int64)
    order, right = np.sort(reached), np.sort(reached[truth])
    candidates = np.unique(reached[reached < NEVER * STEPS])
    flagged = len(order) - np.searchsorted(order, candidates, side="left")
    hits = len(right) - np.searchsorted(right, candidates, side="left")
    good = (flagged >= max(1, least)) & (hits >= target * flagged)
    if not good.any():
        return None
    place = int(np.argmax(good))
    return Chosen(float(candidates[place] / STEPS), int(flagged[place]), int(hits[place]), int(truth.sum()))


def at_threshold(positive: Flags | Sequence[bool], values: Floats, threshold: float) -> Chosen:
    """What a given threshold does on the same rows."""
    truth = np.asarray(positive, dtype=bool)
    flagged = values >= threshold
    return Chosen(threshold, int(flagged.sum()), int((flagged & truth).sum()), int(truth.sum()))
