"""Figures as pages show them: numbers with their intervals, plots with the table beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifiers.evaluation.bootstrap import Estimate
from classifiers.evaluation.kept import bias_from
from classifiers.evaluation.plots import interval_plot
from classifiers.evaluation.subgroups import AREAS, Bias, Subgroup

# What each figure is called, and what it means.
FIGURES = {
    "subgroup_auc": (
        gettext_lazy("Subgroup AUC"),
        gettext_lazy("Among texts that name the group: how well bad ones rank above harmless ones."),
    ),
    "bpsn_auc": (
        gettext_lazy("BPSN AUC"),
        gettext_lazy("Low: harmless texts that name the group score as high as bad texts of others."),
    ),
    "bnsp_auc": (
        gettext_lazy("BNSP AUC"),
        gettext_lazy("Low: bad texts that name the group score as low as harmless texts of others."),
    ),
    "false_positive_gap": (
        gettext_lazy("False-positive gap"),
        gettext_lazy("Above 0: harmless texts are flagged more often when they name the group."),
    ),
    "false_negative_gap": (
        gettext_lazy("False-negative gap"),
        gettext_lazy("Above 0: bad texts are missed more often when they name the group."),
    ),
}


@dataclass(frozen=True)
class Figure:
    """One figure of every term that has it, from the worst on, as a plot; `rows` are its table."""

    name: str
    meaning: str
    best: str
    plot: SafeString
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Tables:
    """A report: all rows, each term with its counts and figures, and the figures one by one."""

    found: Bias
    names: Sequence[str]
    terms: Sequence[tuple[Subgroup, Sequence[str]]]
    worst: Sequence[tuple[str, str, str]]
    figures: Sequence[Figure]
    auroc: str
    false_positive_rate: str
    false_negative_rate: str


def shown(estimate: Estimate, *, sign: bool = False) -> str:
    """A figure with its interval, or that there are too few rows for it."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return _("too few")
    number = "{:+.3f}" if sign else "{:.3f}"
    value, low, high = (number.format(one) for one in (estimate.value, estimate.low, estimate.high))
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def bias_tables(said: Mapping[str, Any]) -> Tables:
    """What a kept report shows."""
    found = bias_from(said)
    by_term = {one.term: one for one in found.terms}
    return Tables(
        found=found,
        names=[str(name) for name, _meaning in FIGURES.values()],
        terms=[(one, [_shown(figure, one) for figure in FIGURES]) for one in found.terms],
        worst=[(str(FIGURES[figure][0]), term, _shown(figure, by_term[term])) for figure, term in found.worst.items()],
        figures=[one for figure in FIGURES if (one := _figure(figure, found.terms))],
        auroc=shown(found.auroc),
        false_positive_rate=shown(found.false_positive_rate),
        false_negative_rate=shown(found.false_negative_rate),
    )


def _figure(name: str, terms: Sequence[Subgroup]) -> Figure | None:
    area = name in AREAS
    best = 1.0 if area else 0.0
    known = [(one.term, getattr(one, name)) for one in terms if getattr(one, name).value is not None]
    if not known:
        return None
    known.sort(key=lambda pair: (-abs(pair[1].value - best), pair[0]))
    lowest, highest = min(one.low for _term, one in known), max(one.high for _term, one in known)
    reach = max(0.1, -lowest, highest)
    low, high = (min(0.5, lowest), 1.0) if area else (-reach, reach)
    title, meaning = FIGURES[name]
    rows = [(term, shown(one, sign=not area)) for term, one in known]
    plot = interval_plot(known, round(low, 2), round(high, 2), best)
    return Figure(str(title), str(meaning), f"{best:g}", plot, rows)


def _shown(figure: str, one: Subgroup) -> str:
    return shown(getattr(one, figure), sign=figure not in AREAS)
