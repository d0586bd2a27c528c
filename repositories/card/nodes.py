"""Walking through the nodes of front matter: where each value stands, and what can be wrong with any of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from repositories.card.front import Front
from repositories.card.matter import construct
from repositories.card.problems import ERROR, CardProblem, Level, shown

_TAG = "tag:yaml.org,2002:"
_PLAIN = {f"{_TAG}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")}
_KINDS: dict[str, str | Promise] = {
    "str": _("text"),
    "int": _("a number"),
    "float": _("a number"),
    "bool": _("yes or no"),
    "null": _("nothing"),
    "timestamp": _("a date"),
    "seq": _("a list"),
    "map": _("keys with values"),
}


@dataclass(frozen=True)
class Place:
    """A value of the front matter: its dotted key and its node."""

    key: str
    node: yaml.Node
    front: Front

    @property
    def kind(self) -> str:
        """What YAML takes it for: "str", "int", "float", "bool", "null", "timestamp", "seq", "map", or another tag."""
        return str(self.node.tag).removeprefix(_TAG)

    @property
    def kind_name(self) -> str:
        return str(_KINDS.get(self.kind, shown(self.kind)))

    @property
    def text(self) -> str:
        """The value as it was written; "" for lists and mappings."""
        return str(self.node.value).strip() if isinstance(self.node, yaml.ScalarNode) else ""

    def entries(self) -> list["Place"]:
        """The entries of a list, [] for everything else."""
        if not isinstance(self.node, yaml.SequenceNode):
            return []
        return [Place(f"{self.key}[{number}]", one, self.front) for number, one in enumerate(self.node.value)]

    def pairs(self) -> list[tuple["Place", "Place"]]:
        """The keys and values of a mapping, [] for everything else; both are at the dotted key of the value."""
        if not isinstance(self.node, yaml.MappingNode):
            return []
        found = []
        for key, value in self.node.value:
            name = shown(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            dotted = f"{self.key}.{name}" if self.key else name
            found.append((Place(dotted, key, self.front), Place(dotted, value, self.front)))
        return found

    def problem(self, level: Level, text: str | Promise, **params: object) -> CardProblem:
        """A problem with this value, at its line."""
        line = self.front.line_of(self.node.start_mark.index)
        return CardProblem(line, self.key, level, text, {name: shown(value) for name, value in params.items()})


def everywhere(place: Place) -> Iterator[CardProblem]:
    """What is wrong at `place` and below, whatever the key: tags, values that are none, keys that stand twice."""
    if place.node.tag not in _PLAIN:
        yield place.problem(ERROR, _("We do not read the tag “%(tag)s”: write the plain value."), tag=place.kind)
        return
    if isinstance(place.node, yaml.ScalarNode):
        yield from _unreadable_scalar(place)
    yield from _twice(place)
    for key, value in place.pairs():
        if not isinstance(key.node, yaml.ScalarNode):
            yield key.problem(ERROR, _("A key has to be plain text."))
        elif key.kind != "merge":
            yield from everywhere(key)
        yield from everywhere(value)
    for entry in place.entries():
        yield from everywhere(entry)


def _unreadable_scalar(place: Place) -> Iterator[CardProblem]:
    if place.kind == "str":
        return
    try:
        construct(place.node)
    except Exception:  # noqa: BLE001 - see construct
        text = _("“%(value)s” looks like %(kind)s and is none: correct it, or put it in quotes.")
        yield place.problem(ERROR, text, value=place.text, kind=place.kind_name)


def _twice(place: Place) -> Iterator[CardProblem]:
    first: dict[str, int] = {}
    for key, _value in place.pairs():
        line = key.front.line_of(key.node.start_mark.index)
        if key.text in first:
            text = _("“%(name)s” stands on line %(line)s already: keep one of them.")
            yield key.problem(ERROR, text, name=key.text, line=first[key.text])
        first.setdefault(key.text, line)
