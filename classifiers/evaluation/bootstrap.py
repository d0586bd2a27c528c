"""Intervals by the bootstrap: what a figure would have been on other samples like this one."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from classifiers.evaluation.metrics import Floats, Statistic, once

LEVEL = 0.95
# Cells (resamples × rows) that are held in memory at once: 16 MB.
CELLS = 2_000_000


@dataclass(frozen=True)
class Estimate:
    """A figure with the ends of its interval; where there are too few rows for it, no numbers but the reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""

    @classmethod
    def none(cls, why: str) -> "Estimate":
        """No number, and the reason."""
        return cls(None, why=why)

    def widened(self, down: float, up: float) -> "Estimate":
        """The same with an interval that reaches further."""
        if self.low is None or self.high is None:
            return self
        return replace(self, low=self.low - down, high=self.high + up)


@dataclass(frozen=True)
class Bootstrap:
    """How often to resample, and the seed: equal rows, seed and `purpose` give equal intervals.

    The purpose keeps the parts of a report apart, so that one more language changes no other figure.
    """

    rounds: int
    seed: int

    def __post_init__(self) -> None:
        if self.rounds < 1 or self.seed < 0:
            raise ValueError("There must be a round, and the seed must not be negative.")

    def estimates(
        self,
        statistics: Mapping[str, Statistic],
        strata: npt.NDArray[np.intp],
        purpose: str,
        *,
        centred: frozenset[str] = frozenset(),
    ) -> dict[str, Estimate]:
        """Each statistic with its interval: percentiles over resamples that keep the size of every stratum.

        `strata` numbers the stratum of each row. The statistics named in `centred` grow by resampling itself, as
        a calibration error does; their intervals are moved by the mean of that, and begin at 0.
        """
        if not statistics:
            return {}  # nothing to draw for
        found: dict[str, list[Floats]] = {name: [] for name in statistics}
        for counts in self.resamples(strata, purpose):
            for name, statistic in statistics.items():
                found[name].append(statistic(counts))
        whole = once(len(strata))
        return {
            name: _estimate(float(statistic(whole)[0]), np.concatenate(found[name]), centred=name in centred)
            for name, statistic in statistics.items()
        }

    def resamples(self, strata: npt.NDArray[np.intp], purpose: str) -> Iterator[Floats]:
        """How often each resample holds each row, some resamples (at most CELLS of them × rows) at a time."""
        pick = np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])
        members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
        at_once = max(1, CELLS // max(1, len(strata)))
        for first in range(0, self.rounds, at_once):
            size = min(at_once, self.rounds - first)
            counts = np.zeros((size, len(strata)))
            for rows in members:
                drawn = pick.integers(len(rows), size=(size, len(rows)))
                drawn += np.arange(size)[:, None] * len(rows)
                counts[:, rows] = np.bincount(drawn.ravel(), minlength=drawn.size).reshape(drawn.shape)
            yield counts


def room(share: float | None, rows: int) -> tuple[float, float]:
    """How far a share, seen in so many rows, may be too high and too low, beyond what resampling shows.

    All resamples of rows without a single error have none, but the next rows might: where the share is 0 or 1, its
    exact (Clopper-Pearson) interval ends elsewhere.
    """
    beyond = 1 - ((1 - LEVEL) / 2) ** (1 / rows) if rows else 1.0
    return (beyond if share == 1 else 0.0), (beyond if share == 0 else 0.0)


def _estimate(value: float, drawn: Floats, *, centred: bool) -> Estimate:
    drawn = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(drawn):
        return Estimate.none("too few rows")
    if centred:
        drawn = np.maximum(drawn - (drawn.mean() - value), 0)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high))
