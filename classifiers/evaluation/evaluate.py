"""What a classifier is worth on labelled texts: per label, language and length, each figure with its interval."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.evaluation import metrics
from classifiers.evaluation.bootstrap import Estimate, room
from classifiers.evaluation.calibration import Bin, calibration_error, reliability
from classifiers.evaluation.curves import Curve, precision_recall, roc
from classifiers.evaluation.metrics import Flags, Floats, Rows, Statistic
from classifiers.evaluation.settings import Settings

# Where the buckets of length begin, in characters.
LENGTHS = (0, 50, 200, 1_000)
MOST_NAMED = 12  # rare languages
NOT_TOLD = "not told"  # of a language: too few words


@dataclass(frozen=True)
class AtThreshold:
    """What flagging from `threshold` on does: how many rows of each kind, and the three figures."""

    name: str
    threshold: float
    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


@dataclass(frozen=True)
class Slice:
    """The figures of some rows, such as those of a language."""

    name: str
    rows: int
    positive: int
    auroc: Estimate
    average_precision: Estimate
    calibration_error: Estimate
    at: list[AtThreshold]


@dataclass(frozen=True)
class OfLabel:
    """One label, from the column it was compared with; the curves are those of all its rows."""

    label: str
    column: str
    unlabelled: int
    whole: Slice
    languages: list[Slice]
    lengths: list[Slice]
    reliability: list[Bin]
    roc: Curve
    precision_recall: Curve


@dataclass(frozen=True)
class Truth:
    """What a column says of a label: the rows that it labels, and which of these are positive."""

    label: str
    column: str
    labelled: Flags
    positive: Flags


def evaluate(
    truth: Truth,
    values: Floats,
    thresholds: tuple[float, float],
    languages: Sequence[str],
    lengths: Sequence[int],
    settings: Settings,
) -> OfLabel:
    """The figures of one label; `values`, `languages` ("" for unknown) and `lengths` (characters) are of all rows.

    Languages with too few rows for any figure are put together.

    Raises ValueError if the labelled rows have one side only.
    """
    keep = np.flatnonzero(truth.labelled)
    order = keep[np.argsort(values[keep], kind="stable")]
    rows = Rows(truth.positive[order], values[order])
    if rows.positive.all() or not rows.positive.any():
        raise ValueError("There must be positive and negative rows.")
    spoken = np.array([languages[place] or NOT_TOLD for place in order])
    bucket = np.array([bucket_of(lengths[place]) for place in order])

    def of(name: str, inside: Flags, purpose: str) -> Slice:
        return measure(name, Rows(rows.positive[inside], rows.values[inside]), thresholds, settings, purpose)

    found = Counter(spoken.tolist())
    rare = {one for one, count in found.items() if count < settings.least and one != NOT_TOLD}
    others = _others(sorted(rare))
    spoken = np.array([others if one in rare else one for one in spoken.tolist()])
    by_rows = sorted(set(spoken.tolist()), key=lambda one: (one == NOT_TOLD, one == others, -found[one], one))
    return OfLabel(
        label=truth.label,
        column=truth.column,
        unlabelled=len(truth.labelled) - len(keep),
        whole=of("all", np.ones(len(order), dtype=bool), f"{truth.label} all"),
        languages=[of(one, spoken == one, f"{truth.label} language {one}") for one in by_rows],
        lengths=[of(one, bucket == one, f"{truth.label} length {one}") for one in buckets() if (bucket == one).any()],
        reliability=reliability(rows, settings.bins),
        roc=roc(rows),
        precision_recall=precision_recall(rows),
    )


def _others(rare: Sequence[str]) -> str:
    """How languages with too few rows are called together."""
    named = f": {', '.join(rare)}" if len(rare) <= MOST_NAMED else ""
    return f"{len(rare)} {'other' if len(rare) == 1 else 'others'}{named}"


def measure(name: str, rows: Rows, thresholds: tuple[float, float], settings: Settings, purpose: str) -> Slice:
    """The figures of `rows`; those that too few rows stand behind say so. `purpose` names their resamples."""
    positive, negative = int(rows.positive.sum()), int((~rows.positive).sum())
    both = settings.too_few(positive_rows=positive, negative_rows=negative)
    asked: dict[str, tuple[Statistic, Estimate | None]] = {
        "auroc": (metrics.auroc(rows), both),
        "average_precision": (metrics.average_precision(rows), both),
        "calibration_error": (calibration_error(rows, settings.bins), settings.too_few(rows=len(rows.values))),
    }
    names = dict(zip(("threshold", "confident"), thresholds, strict=True))
    for kind, threshold in names.items():
        flagged, few = rows.flagged(threshold), settings.too_few(positive_rows=positive)
        few_flagged = settings.too_few(flagged_rows=int(flagged.sum()))
        asked[f"{kind} precision"] = metrics.share(rows.positive, flagged), few_flagged
        asked[f"{kind} recall"] = metrics.share(flagged, rows.positive), few
        asked[f"{kind} f1"] = metrics.f1(rows, threshold), few
    found = {name: why for name, (_statistic, why) in asked.items() if why} | settings.bootstrap.estimates(
        {name: statistic for name, (statistic, why) in asked.items() if not why},
        rows.positive.astype(np.intp),
        purpose,
        centred=frozenset({"calibration_error"}),
    )
    return Slice(
        name=name,
        rows=len(rows.values),
        positive=positive,
        auroc=found["auroc"],
        average_precision=found["average_precision"],
        calibration_error=found["calibration_error"],
        at=[_at(rows, kind, threshold, found) for kind, threshold in names.items()],
    )


def _at(rows: Rows, kind: str, threshold: float, found: dict[str, Estimate]) -> AtThreshold:
    flagged, positive = rows.flagged(threshold), rows.positive
    precision, recall = found[f"{kind} precision"], found[f"{kind} recall"]
    return AtThreshold(
        name=kind,
        threshold=threshold,
        true_positive=int((flagged & positive).sum()),
        false_positive=int((flagged & ~positive).sum()),
        false_negative=int((~flagged & positive).sum()),
        true_negative=int((~flagged & ~positive).sum()),
        precision=precision.widened(*room(precision.value, int(flagged.sum()))),
        recall=recall.widened(*room(recall.value, int(positive.sum()))),
        f1=found[f"{kind} f1"],
    )


def buckets() -> list[str]:
    """The names of the buckets of length, from the shortest on."""
    return [bucket_of(start) for start in LENGTHS]


def bucket_of(length: int) -> str:
    """The name of the bucket that a length (in characters) falls into."""
    place = max(place for place, start in enumerate(LENGTHS) if start <= length)
    if place + 1 == len(LENGTHS):
        return f"{LENGTHS[place]:,} and more characters"
    return f"{LENGTHS[place]:,} to {LENGTHS[place + 1] - 1:,} characters"
