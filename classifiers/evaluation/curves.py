"""The curves of a ranking, thinned to what a plot can show."""

import numpy as np
import numpy.typing as npt

from classifiers.evaluation.metrics import Floats, Rows

Curve = list[tuple[float, float]]
POINTS = 200


def roc(rows: Rows) -> Curve:
    """False-positive rate and recall at every threshold, from nothing to everything flagged."""
    right, wrong = _flagged(rows)
    return _thin(np.stack([wrong / max(1, wrong[-1]), right / max(1, right[-1])], axis=1))


def precision_recall(rows: Rows) -> Curve:
    """Recall and precision at every threshold that flags something, by ascending recall."""
    right, wrong = (counts[1:] for counts in _flagged(rows))
    return _thin(np.stack([right / max(1, right[-1]), right / (right + wrong)], axis=1))


def at(curve: Curve, places: Floats) -> list[float]:
    """The highest second coordinate that the curve reaches from each of `places` (first coordinates) on back.

    For a ROC curve: the recall that is to be had for at most that false-positive rate.
    """
    return [max((y for x, y in curve if x <= place + 1e-12), default=0.0) for place in places]


def best_from(curve: Curve, places: Floats) -> list[float]:
    """The highest second coordinate at or behind each of `places`: the precision that is left at that recall."""
    return [max((y for x, y in curve if x >= place - 1e-12), default=0.0) for place in places]


def _flagged(rows: Rows) -> tuple[Floats, Floats]:
    """Positives and negatives flagged at each distinct value, from the highest on, with a first 0."""
    ends = np.append(np.flatnonzero(np.diff(rows.values[::-1])), len(rows.values) - 1)
    positive = rows.positive[::-1]
    right, wrong = np.cumsum(positive)[ends], np.cumsum(~positive)[ends]
    return np.append(0.0, right), np.append(0.0, wrong)


def _thin(points: npt.NDArray[np.float64]) -> Curve:
    keep = np.unique(np.linspace(0, len(points) - 1, min(POINTS, len(points))).round().astype(np.intp))
    return [(float(x), float(y)) for x, y in points[keep]]
