"""Facets of a list: what is chosen, and what could be, with how often it occurs (A6)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from repositories.card.categories import CATEGORIES
from repositories.feeds import Matches
from repositories.filters import FACETS
from repositories.models import Gating

# What `Feed.first` reads for `offered`, in the order of FACETS.
COLUMNS = tuple(facet.column for facet in FACETS.values())
SHOWN = 12  # values of one facet


@dataclass(frozen=True)
class Value:
    """A value of a facet in words; `address` is the query string that takes it back when it is chosen, else adds it."""

    label: Any
    address: str
    count: int = 0


@dataclass(frozen=True)
class Group:
    """What a facet offers, most frequent first."""

    name: str
    label: Any
    values: list[Value]


def taken(chosen: Mapping[str, Sequence[str]], query: QueryDict) -> list[Value]:
    """The chosen values, each with the way to do without it."""
    return [
        Value(
            f"{FACETS[name].label}: {_label(name, value)}",
            _address(query, name, [one for one in values if one != value]),
        )
        for name, values in chosen.items()
        for value in values
    ]


def kept(query: QueryDict) -> list[tuple[str, str]]:
    """The parameters of the address that a form of the list sends again: all but the place."""
    return [(name, value) for name, some in query.lists() if name != "after" for value in some if value]


def offered(
    first: Matches, chosen: Mapping[str, Sequence[str]], query: QueryDict, *, without: Sequence[str] = ()
) -> list[Group]:
    """What narrows a list further, counted over its `first` matches, which carry COLUMNS; `without` these facets."""
    counts: list[Counter[str]] = [Counter() for _facet in FACETS]
    for _key, *row in first.rows:
        for counter, name, value in zip(counts, FACETS, row, strict=True):
            counter.update(_values(name, value))
    groups = []
    for (name, facet), counter in zip(FACETS.items(), counts, strict=True):
        known = list(chosen.get(name, ()))
        # What all of them have narrows nothing.
        found = [(value, count) for value, count in counter.items() if value not in known and count < len(first.rows)]
        found.sort(key=lambda one: (-one[1], one[0]))
        values = [Value(_label(name, one), _address(query, name, [*known, one]), count) for one, count in found[:SHOWN]]
        if values and name not in without:
            groups.append(Group(name, facet.label, values))
    return groups


def _values(name: str, value: Any) -> Iterator[str]:
    """The values that a column's content counts for; each once, since tags may be given twice."""
    if name == "gated":
        yield "no" if value == Gating.NONE else "yes"
    elif name == "nfaa":
        yield "yes" if value else "no"
    elif isinstance(value, list):
        yield from dict.fromkeys(value)
    elif value:
        yield value


def _label(name: str, value: str) -> Any:
    if name == "ethics" and value in CATEGORIES:
        return CATEGORIES[value].name
    return FACETS[name].choices.get(value, value)


def _address(query: QueryDict, name: str, values: list[str]) -> str:
    changed = query.copy()
    changed.pop("after", None)
    changed.setlist(name, values)
    return f"?{changed.urlencode()}"
