"""Whether a classifier treats texts that name a group of people like all others (H8).

The three areas are those of Borkan et al., "Nuanced Metrics for Measuring Unintended Bias" (2019). The background of
a term are all rows that do not name it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.evaluation import metrics
from classifiers.evaluation.bootstrap import Estimate, room
from classifiers.evaluation.metrics import Flags, Floats, Rows, Statistic
from classifiers.evaluation.settings import Settings

# The figures of a term: which is the worst, and how it is called.
AREAS = {
    "subgroup_auc": "Subgroup AUC",
    "bpsn_auc": "BPSN AUC",
    "bnsp_auc": "BNSP AUC",
}
GAPS = {
    "false_positive_gap": "False-positive gap",
    "false_negative_gap": "False-negative gap",
}


@dataclass(frozen=True)
class Subgroup:
    """The figures of the rows that name `term`.

    `subgroup_auc`: ranking within them. `bpsn_auc`: background positives over subgroup negatives; low means that
    harmless texts are scored high for naming the term. `bnsp_auc`: subgroup positives over background negatives; low
    means that bad texts are missed. The gaps are the subgroup's rate at the threshold less the background's.
    """

    term: str
    rows: int
    positive: int
    false_positives: int
    false_negatives: int
    subgroup_auc: Estimate
    bpsn_auc: Estimate
    bnsp_auc: Estimate
    false_positive_gap: Estimate
    false_negative_gap: Estimate


@dataclass(frozen=True)
class Bias:
    """All rows together, and each term, by its name; `worst` names for each figure the term that does worst at it."""

    label: str
    threshold: float
    rows: int
    positive: int
    without_term: int
    auroc: Estimate
    false_positive_rate: Estimate
    false_negative_rate: Estimate
    terms: list[Subgroup]
    worst: dict[str, str]


def bias(
    label: str,
    threshold: float,
    positive: Flags,
    values: Floats,
    named: Sequence[frozenset[str]],
    settings: Settings,
    advance: Callable[[int], object] | None = None,
) -> Bias:
    """How the rows that name each term fare; `named` says for each row which terms it names.

    Raises ValueError if there are positive rows only, or negative ones only.
    """
    order = np.argsort(values, kind="stable")
    rows = Rows(positive[order], values[order])
    if rows.positive.all() or not rows.positive.any():
        raise ValueError("There must be positive and negative rows.")
    sets = [named[place] for place in order]
    terms = []
    for term in sorted(frozenset[str]().union(*sets)):
        terms.append(subgroup(term, np.array([term in one for one in sets]), rows, threshold, settings))
        if advance:
            advance(1)
    flagged = rows.flagged(threshold)
    asked = {
        "auroc": metrics.auroc(rows),
        "false_positive_rate": metrics.share(flagged, ~rows.positive),
        "false_negative_rate": metrics.share(~flagged, rows.positive),
    }
    why = settings.too_few(positive_rows=int(positive.sum()), negative_rows=int((~positive).sum()))
    found = settings.bootstrap.estimates({} if why else asked, rows.positive.astype(np.intp), "bias all")
    return Bias(
        label=label,
        threshold=threshold,
        rows=len(sets),
        positive=int(positive.sum()),
        without_term=sum(1 for one in sets if not one),
        terms=terms,
        worst=worst(terms),
        **{name: why or found[name] for name in asked},
    )


def subgroup(term: str, inside: Flags, rows: Rows, threshold: float, settings: Settings) -> Subgroup:
    """The figures of the rows `inside`, against all others."""
    bad, good, flagged = rows.positive & inside, ~rows.positive & inside, rows.flagged(threshold)
    other_bad, other_good = rows.positive & ~inside, ~rows.positive & ~inside
    # Each figure with the rows that it needs: positive or negative ones, with or without the term.
    asked: dict[str, tuple[Statistic, dict[str, Flags]]] = {
        "subgroup_auc": (metrics.auroc(rows, bad, good), {"positive_with_it": bad, "negative_with_it": good}),
        "bpsn_auc": (metrics.auroc(rows, other_bad, good), {"positive_without": other_bad, "negative_with_it": good}),
        "bnsp_auc": (metrics.auroc(rows, bad, other_good), {"positive_with_it": bad, "negative_without": other_good}),
        "false_positive_gap": (
            metrics.difference(metrics.share(flagged, good), metrics.share(flagged, other_good)),
            {"negative_with_it": good, "negative_without": other_good},
        ),
        "false_negative_gap": (
            metrics.difference(metrics.share(~flagged, bad), metrics.share(~flagged, other_bad)),
            {"positive_with_it": bad, "positive_without": other_bad},
        ),
    }
    refused = {
        name: why
        for name, (_statistic, needs) in asked.items()
        if (why := settings.too_few(**{side: int(part.sum()) for side, part in needs.items()}))
    }
    found = refused | settings.bootstrap.estimates(
        {name: statistic for name, (statistic, _needs) in asked.items() if name not in refused},
        rows.positive + 2 * inside.astype(np.intp),
        f"bias term {term}",
    )
    return Subgroup(
        term=term,
        rows=int(inside.sum()),
        positive=int(bad.sum()),
        false_positives=int((flagged & good).sum()),
        false_negatives=int((~flagged & bad).sum()),
        subgroup_auc=found["subgroup_auc"],
        bpsn_auc=found["bpsn_auc"],
        bnsp_auc=found["bnsp_auc"],
        false_positive_gap=_widened(found["false_positive_gap"], flagged, good, other_good),
        false_negative_gap=_widened(found["false_negative_gap"], ~flagged, bad, other_bad),
    )


def _widened(gap: Estimate, wrong: Flags, ours: Flags, others: Flags) -> Estimate:
    """A gap between two rates, where a rate of 0 or 1 counts as no more certain than it is."""
    too_high, too_low = _room(wrong, ours)
    other_too_high, other_too_low = _room(wrong, others)
    return gap.widened(too_high + other_too_low, too_low + other_too_high)


def _room(wrong: Flags, rows: Flags) -> tuple[float, float]:
    count = int(rows.sum())
    return room(int((wrong & rows).sum()) / count if count else None, count)


def worst(terms: Sequence[Subgroup]) -> dict[str, str]:
    """For each figure the term that does worst: the smallest area, the gap furthest from 0; none where all lack it."""
    found = {}
    for figure in (*AREAS, *GAPS):
        known = [(getattr(one, figure).value, one.term) for one in terms if getattr(one, figure).value is not None]
        if known:
            bad = (lambda pair: pair[0]) if figure in AREAS else (lambda pair: -abs(pair[0]))
            found[figure] = min(known, key=bad)[1]
    return found
