"""What a list is narrowed to, read from an address: facets, several at once (A6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from repositories import release
from repositories.marks import MARKED, Marked, of_column
from repositories.models import Kind

MOST_VALUES = 10  # of one facet in an address


@dataclass(frozen=True)
class Facet:
    """`column` holds one value or, with `many`, a list; of several chosen values a list has all, a single one any."""

    column: str
    label: str | Promise
    many: bool = False
    longest: int = 60
    choices: Mapping[str, str | Promise] = field(default_factory=dict)


YES_OR_NO = {"yes": _("yes"), "no": _("no")}
# By their parameter in the address.
FACETS = {
    "kind": Facet("kind", _("Kind"), choices=dict(Kind.choices)),
    "task": Facet("pipeline_tag", _("Task")),
    "library": Facet("library", _("Library")),
    "license": Facet("license", _("License")),
    "language": Facet("languages", _("Language"), many=True, longest=20),
    "tag": Facet("tags", _("Tag"), many=True, longest=80),
    "ethics": Facet("ethical_categories", _("Ethical category"), many=True, longest=40),
    "base_model": Facet("base_models", _("Made from"), many=True, longest=200),
    "dataset": Facet("datasets", _("Trained on"), many=True, longest=200),
    "gated": Facet("gating", _("Gated"), choices=YES_OR_NO),
    "nfaa": Facet("nfaa", _("Not for all audiences"), choices=YES_OR_NO),
}


@dataclass(frozen=True)
class Wanted:
    """What a list shows of the repositories of some kinds: `where` decides, `hint` leads to the same rows by an index.

    `hint` may let more through than `where`, and may be empty.
    """

    kinds: tuple[Kind, ...] = tuple(Kind)
    where: Q = field(default_factory=Q)
    hint: Q = field(default_factory=Q)

    def __and__(self, other: "Wanted") -> "Wanted":
        kinds = tuple(kind for kind in self.kinds if kind in other.kinds)
        return Wanted(kinds, self.where & other.where, self.hint & other.hint)


def chosen(query: QueryDict) -> dict[str, list[str]]:
    """The values of facets in an address, each once; what no repository can have counts as if it were not there."""
    found = {}
    for name, facet in FACETS.items():
        values = dict.fromkeys(value.strip()[: facet.longest] for value in query.getlist(name)[:MOST_VALUES])
        if known := [value for value in values if value and (not facet.choices or value in facet.choices)]:
            found[name] = known
    return found


def wanted(values: Mapping[str, list[str]]) -> Wanted:
    """What the chosen `values` of facets narrow a list to."""
    asked = Wanted(tuple(Kind(kind) for kind in values["kind"])) if "kind" in values else Wanted()
    for name, some in values.items():
        if name != "kind":
            asked &= Wanted(where=_where(name, some), hint=_hint(FACETS[name], some))
    return asked


def _where(name: str, values: list[str]) -> Q:
    if name in ("gated", "nfaa"):
        if len(values) > 1:
            return Q()
        holds = Q(nfaa=True) if name == "nfaa" else release.gated_by_now()
        return holds if values == ["yes"] else ~holds
    facet = FACETS[name]
    return Q(**{f"{facet.column}__contains": values}) if facet.many else Q(**{f"{facet.column}__in": values})


def _hint(facet: Facet, values: list[str]) -> Q:
    if facet.column not in MARKED:
        return Q()
    marks = [of_column(facet.column, value) for value in values]
    return Q(Marked([[mark] for mark in marks] if facet.many else [marks]))
