"""What own labels say of a label of a classifier: precision as it happens, calibration, thresholds by target (H9)."""

from dataclasses import dataclass

import numpy as np

from classifiers.evaluation.bootstrap import Estimate
from classifiers.evaluation.calibration import Bin, calibration_error, reliability
from classifiers.evaluation.choosing import Chosen, at_threshold, for_precision
from classifiers.evaluation.metrics import Rows, auroc
from classifiers.evaluation.settings import Settings
from moderation.automation.quality.labels import Flagged, counted, recent_cases, values_of
from moderation.reports.flaggers import wilson

# Of the intervals on the page: few enough rounds that it comes at once, also for many decisions.
ROUNDS, CELLS = 300, 6_000_000
LEAST = 20


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, with the interval of Wilson that the true share lies in with 95 %."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """0 to 1; None for none of none."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """0 to 1 each."""
        return wilson(self.part, self.whole)

    @property
    def percent(self) -> int | None:
        """For people."""
        return None if self.value is None else round(self.value * 100)

    @property
    def percents(self) -> tuple[int, int]:
        """The interval for people."""
        low, high = self.interval
        return round(low * 100), round(high * 100)


@dataclass(frozen=True)
class Measured:
    """Precision and recall of a label under one threshold, and precision where the classifier was confident."""

    of: Flagged
    precision: Share
    recall: Share
    confident: Share


@dataclass(frozen=True)
class Calibration:
    """Whether values are shares: bins, how far they are off, and how well the label ranks."""

    decided: int
    positive: int
    bins: list[Bin]
    error: Estimate
    auroc: Estimate


@dataclass(frozen=True)
class Suggestion:
    """The threshold for a target, with what it does on own labels, and how many cases of 30 days it would have made.

    `chosen` is None where no threshold reaches the target. It changes nothing: thresholds belong to a version.
    """

    target: float
    chosen: Chosen | None
    precision: Share
    recall: Share
    cases: int
    scored: int


def measured(classifier: str = "") -> list[Measured]:
    """Every label under every threshold that it had; one query."""
    return [
        Measured(
            of=one,
            precision=Share(one.right, one.flagged),
            recall=Share(one.right, one.positive),
            confident=Share(one.confident_right, one.confident),
        )
        for one in counted(classifier)
    ]


def calibration(classifier: str, label: str) -> Calibration | None:
    """Of a label on own decisions; None where there are none. One query."""
    positive, values = values_of(classifier, label)
    if not len(values):
        return None
    order = np.argsort(values, kind="stable")
    rows = Rows(positive[order], values[order])
    settings = Settings(rounds=max(50, min(ROUNDS, CELLS // len(values))), least=LEAST)
    sides = {"positive_rows": int(positive.sum()), "negative_rows": int((~positive).sum())}
    refused = {"auroc": settings.too_few(**sides), "error": settings.too_few(rows=len(values))}
    asked = {"auroc": auroc(rows), "error": calibration_error(rows, settings.bins)}
    found = settings.bootstrap.estimates(
        {name: statistic for name, statistic in asked.items() if refused[name] is None},
        rows.positive.astype(np.intp),
        f"own {classifier} {label}",
        centred=frozenset({"error"}),
    )
    said = {name: refused[name] or found[name] for name in asked}
    return Calibration(
        len(values), sides["positive_rows"], reliability(rows, settings.bins), said["error"], said["auroc"]
    )


def suggest(classifier: str, label: str, target: float) -> Suggestion:
    """The lowest threshold with which at least `target` (0 to 1) of what is flagged was a violation; two queries."""
    positive, values = values_of(classifier, label)
    chosen = for_precision(positive, values, target, LEAST)
    found = chosen or at_threshold(positive, values, np.inf)
    cases, scored = recent_cases(classifier, label, chosen.threshold if chosen else np.inf)
    return Suggestion(
        target=target,
        chosen=chosen,
        precision=Share(found.right, found.flagged),
        recall=Share(found.right, found.positive),
        cases=cases,
        scored=scored,
    )
