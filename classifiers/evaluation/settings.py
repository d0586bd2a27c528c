"""What a measurement is made with, and what its reports say about where they come from."""

from dataclasses import dataclass

from classifiers.evaluation.bootstrap import Bootstrap, Estimate
from classifiers.evaluation.calibration import BINS


@dataclass(frozen=True)
class Settings:
    """Rounds of the bootstrap, its seed, the bins of calibration, and with fewer than `least` rows (of each side that
    a figure needs) there is no figure."""

    rounds: int = 1_000
    seed: int = 0
    bins: int = BINS
    least: int = 20

    @property
    def bootstrap(self) -> Bootstrap:
        """How often to resample, and the seed."""
        return Bootstrap(self.rounds, self.seed)

    def too_few(self, **counts: int) -> Estimate | None:
        """The reason why there is no figure, where one of the `counts` (of what: how many) is too small."""
        lacking = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count < self.least]
        return Estimate.none(f"too few: {', '.join(lacking)}; {self.least} needed") if lacking else None


@dataclass(frozen=True)
class Source:
    """The file: how many rows it has, how many of them were left out for having no text, how many were scored."""

    file: str
    sha256: str
    in_file: int
    without_text: int
    scored: int
