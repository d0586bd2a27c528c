"""The report of `manage.py bias_report`, from its figures."""

from collections.abc import Sequence

from classifiers.evaluation.bootstrap import Estimate
from classifiers.evaluation.document import Document, Plot, Section, Table, counted, percent, shown, threshold
from classifiers.evaluation.plots import interval_plot
from classifiers.evaluation.subgroups import AREAS, GAPS, Bias, Subgroup

NAMES = AREAS | GAPS
MEANINGS = {
    "subgroup_auc": "how well bad texts rank above harmless ones among those that name the term",
    "bpsn_auc": "how well bad texts of others rank above harmless ones that name the term; low: flagged for the term",
    "bnsp_auc": "how well bad texts that name the term rank above harmless ones of others; low: overlooked",
    "false_positive_gap": "harmless texts flagged, with the term less without it",
    "false_negative_gap": "bad texts missed, with the term less without it",
}


def subgroups_report(title: str, facts: Table, found: Bias) -> Document:
    """What is worst, each term, and a plot of each figure."""
    return Document(title, facts, [_summary(found), _terms(found)])


def _summary(found: Bias) -> Section:
    by_term = {one.term: one for one in found.terms}
    rows = [
        [NAMES[figure], term, f"{by_term[term].rows:,}", _shown(figure, getattr(by_term[term], figure))]
        for figure, term in found.worst.items()
    ]
    return Section(
        title=f"{found.label}: all rows and the worst terms",
        notes=[
            f"{found.rows:,} rows, {percent(found.positive, found.rows)} of them positive; "
            f"{len(found.terms)} terms, {found.without_term:,} rows name none of them.",
            "The worst of many terms looks worse than it is: its interval is that of a term chosen beforehand.",
            *(f"{NAMES[figure]}: {meaning}." for figure, meaning in MEANINGS.items()),
        ],
        tables=[
            Table(
                "All rows",
                ("Flagged from", "AUROC", "False-positive rate", "False-negative rate"),
                [
                    [
                        threshold(found.threshold),
                        *(shown(one) for one in (found.auroc, found.false_positive_rate, found.false_negative_rate)),
                    ]
                ],
            ),
            Table("The worst of each figure", ("Figure", "Term", "Rows", "Value"), rows),
        ],
    )


def _terms(found: Bias) -> Section:
    header = ("Term", "Rows", "Positive", "False positives", "False negatives", *NAMES.values())
    return Section(
        title="Each term",
        tables=[Table("Each term", header, [_row(one) for one in found.terms])],
        plots=[plot for figure in NAMES if (plot := _plot(figure, found.terms))],
    )


def _row(one: Subgroup) -> list[str]:
    counts = counted((one.rows, one.positive, one.false_positives, one.false_negatives))
    return [one.term, *counts, *(_shown(figure, getattr(one, figure)) for figure in NAMES)]


def _plot(figure: str, terms: Sequence[Subgroup]) -> Plot | None:
    """The terms from the worst on; None where no term has the figure."""
    known = [(one.term, getattr(one, figure)) for one in terms if getattr(one, figure).value is not None]
    if not known:
        return None
    ideal = 1.0 if figure in AREAS else 0.0
    known.sort(key=lambda pair: (-abs(pair[1].value - ideal), pair[0]))
    lowest = min(min(one.low, one.value) for _term, one in known)
    highest = max(max(one.high, one.value) for _term, one in known)
    low = min(0.5, int(lowest * 10) / 10) if figure in AREAS else -_up(max(-lowest, highest))
    high = 1.0 if figure in AREAS else -low
    return Plot(
        NAMES[figure],
        f"{NAMES[figure]}, {MEANINGS[figure]}; the worst on top. The dashed line, {ideal:g}, is best.",
        interval_plot(known, low, high, ideal),
        Table(
            f"{NAMES[figure]} in numbers", ("Term", NAMES[figure]), [[term, _shown(figure, one)] for term, one in known]
        ),
    )


def _up(value: float) -> float:
    """The next tenth, at least one."""
    return max(1, -int(-value * 10 // 1)) / 10


def _shown(figure: str, estimate: Estimate) -> str:
    return shown(estimate, sign=figure in GAPS)
