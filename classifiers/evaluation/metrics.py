"""Statistics over rows that have a truth and a value, each asked for many resamples of these rows at once.

A statistic takes counts (resamples × rows): how often a resample holds each row. It gives one number per resample,
NaN where there is none. The figure of the rows themselves is that of a single resample which holds each row once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Statistic = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Rows:
    """Truth and value of each row, by ascending value: what the statistics below are made for."""

    positive: Flags
    values: Floats

    def __post_init__(self) -> None:
        if self.positive.shape != self.values.shape:
            raise ValueError("Every row needs a truth and a value.")
        if not np.isfinite(self.values).all() or (np.diff(self.values) < 0).any():
            raise ValueError("The values must be finite and in ascending order.")

    def flagged(self, threshold: float) -> Flags:
        """Which rows count as flagged: those from the threshold on."""
        return self.values >= threshold


def auroc(rows: Rows, positive: Flags | None = None, negative: Flags | None = None) -> Statistic:
    """The chance that a positive row has a higher value than a negative one; equal values count half.

    `positive` and `negative` choose the rows to compare (default: all of each side).
    """
    positive = rows.positive if positive is None else positive
    negative = ~rows.positive if negative is None else negative
    above, below = np.flatnonzero(positive), np.flatnonzero(negative)
    # Counting along the longer side and looking up from the shorter one is quick for a small group among many rows.
    swapped = len(above) > len(below)
    few, many = (below, above) if swapped else (above, below)
    first = np.searchsorted(rows.values[many], rows.values[few], side="left")
    last = np.searchsorted(rows.values[many], rows.values[few], side="right")

    def statistic(counts: Floats) -> Floats:
        held = counts[:, few]
        up_to = np.zeros((len(counts), len(many) + 1))
        np.cumsum(counts[:, many], axis=1, out=up_to[:, 1:])
        lower = (held * (up_to[:, first] + up_to[:, last])).sum(axis=1) / 2
        pairs = held.sum(axis=1) * up_to[:, -1]
        return _ratio(pairs - lower if swapped else lower, pairs)

    return statistic


def average_precision(rows: Rows) -> Statistic:
    """The mean of the precisions at every value, each weighted with the recall that it adds."""
    starts = _starts(rows.values)

    def statistic(counts: Floats) -> Floats:
        right = _per_value(counts * rows.positive, starts)[:, ::-1]
        both = _per_value(counts, starts)[:, ::-1]
        precision = _ratio(np.cumsum(right, axis=1), np.cumsum(both, axis=1))
        return _ratio((np.nan_to_num(precision) * right).sum(axis=1), right.sum(axis=1))

    return statistic


def share(part: Flags, whole: Flags) -> Statistic:
    """How much of the rows in `whole` lies in `part` too: precision, recall and rates, by what is put in."""
    columns = np.stack([part & whole, whole], axis=1).astype(np.float64)

    def statistic(counts: Floats) -> Floats:
        found = counts @ columns
        return _ratio(found[:, 0], found[:, 1])

    return statistic


def f1(rows: Rows, threshold: float) -> Statistic:
    """The harmonic mean of precision and recall at a threshold."""
    flagged = rows.flagged(threshold)
    columns = np.stack([flagged & rows.positive, flagged, rows.positive], axis=1).astype(np.float64)

    def statistic(counts: Floats) -> Floats:
        right, said, true = (counts @ columns).T
        return _ratio(2 * right, said + true)

    return statistic


def difference(one: Statistic, other: Statistic) -> Statistic:
    """How much higher `one` is than `other`, in the same resamples."""
    return lambda counts: one(counts) - other(counts)


def once(rows: int) -> Floats:
    """The single resample that holds each row once."""
    return np.ones((1, rows))


def _starts(values: Floats) -> npt.NDArray[np.intp]:
    """Where each distinct value begins."""
    return np.flatnonzero(np.diff(values, prepend=np.nan) != 0)


def _per_value(counts: Floats, starts: npt.NDArray[np.intp]) -> Floats:
    """The counts of equal values together."""
    together: Floats = np.add.reduceat(counts, starts, axis=1)
    return together


def _ratio(above: Floats, below: Floats) -> Floats:
    """Quotients, NaN for those by zero."""
    quotients: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return quotients
