"""Calibration: whether of the texts with a value of 0.8 eight in ten are positive."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers.evaluation.metrics import Floats, Rows, Statistic

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The rows with a value from `low` to below `high` (the last bin holds 1 too); no shares where there is none."""

    low: float
    high: float
    rows: int
    positive: int
    mean: float | None
    share: float | None


def bin_of(values: Floats, bins: int = BINS) -> npt.NDArray[np.intp]:
    """The number of each value's bin, of `bins` equally wide ones from 0 to 1."""
    return np.minimum((values * bins).astype(np.intp), bins - 1)


def reliability(rows: Rows, bins: int = BINS) -> list[Bin]:
    """What the values of each bin promise, and the share of positives there is."""
    places = bin_of(rows.values, bins)
    return [_bin(rows, places == place, place, bins) for place in range(bins)]


def calibration_error(rows: Rows, bins: int = BINS) -> Statistic:
    """The expected calibration error: how far mean value and share of positives are apart, weighted by rows."""
    members = np.eye(bins)[bin_of(rows.values, bins)]
    too_high = members * (rows.values - rows.positive)[:, None]
    return lambda counts: np.abs(counts @ too_high).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)


def _bin(rows: Rows, inside: npt.NDArray[np.bool_], place: int, bins: int) -> Bin:
    count, positive = int(inside.sum()), int(rows.positive[inside].sum())
    mean = float(rows.values[inside].mean()) if count else None
    return Bin(place / bins, (place + 1) / bins, count, positive, mean, positive / count if count else None)
