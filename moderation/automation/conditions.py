"""The conditions of a rule: what kinds there are, their JSON, and what they say in plain words (I1, I2).

They are stored as JSON, one level deep; a rule's conditions hold when each of its groups does, and a group when all, or
any, of its conditions do:

    {"groups": [{"match": "all", "conditions": [
        {"kind": "score", "label": "toxicity", "level": "confident"},
        {"kind": "reporters", "comparison": "at_least", "number": 3}
    ]}]}

What is not known of a case (the reach of somebody's account, a score that nobody gave) meets no condition, whichever
way it compares.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.subjects.models import TARGETS

# How many groups a rule has at most, and how many conditions a group; and values a condition.
MOST_GROUPS, MOST_CONDITIONS, MOST_VALUES = 4, 8, 40
MATCHES = ("all", "any")
AT_LEAST, AT_MOST, ONE_OF, NONE_OF = "at_least", "at_most", "one_of", "none_of"
# A score is compared with a number, or with a threshold of the classifier's own: the level that it reaches.
LEVELS = {"flagged": 1, "confident": 2}
_LABEL = re.compile(r"^[-a-zA-Z0-9_]{1,40}\Z")
_LANGUAGE = re.compile(r"^[a-z]{2,3}\Z")
CODE = re.compile(r"^[-a-zA-Z0-9_]{1,60}\Z")


@dataclass(frozen=True)
class Kind:
    """A kind of condition: its name, what it compares (a score, a number, values), and where its number ends."""

    title: Promise
    compares: str
    most: int = 0
    at_least: Promise | None = None  # in words, with %(number)s
    at_most: Promise | None = None
    one_of: Promise | None = None  # in words, with %(values)s
    none_of: Promise | None = None
    within_days: bool = False


KINDS: dict[str, Kind] = {
    "score": Kind(_("score of a classifier"), "score"),
    "reporters": Kind(
        _("independent reporters"), "number", 1_000,
        _("at least %(number)s people who are established, unlinked and outside the thread reported it"),
        _("at most %(number)s people who are established, unlinked and outside the thread reported it"),
    ),
    "reports": Kind(
        _("reports"), "number", 100_000,
        _("people reported it at least %(number)s times"), _("people reported it at most %(number)s times"),
    ),
    "trusted": Kind(
        _("reports of trusted flaggers"), "number", 1_000,
        _("trusted flaggers reported it at least %(number)s times"),
        _("trusted flaggers reported it at most %(number)s times"),
    ),
    "reliability": Kind(
        _("reliability of the reporters, in percent"), "number", 100,
        _("its reporters are reliable to at least %(number)s %% on average"),
        _("its reporters are reliable to at most %(number)s %% on average"),
    ),
    "likes": Kind(
        _("likes of the repository"), "number", 1_000_000_000,
        _("its repository has at least %(number)s likes"), _("its repository has at most %(number)s likes"),
    ),
    "downloads": Kind(
        _("downloads of the repository"), "number", 1_000_000_000_000,
        _("its repository has at least %(number)s downloads"), _("its repository has at most %(number)s downloads"),
    ),
    "strikes": Kind(
        _("strikes of the author"), "number", 1_000,
        _("within %(days)s days we found at least %(number)s other violations of the author"),
        _("within %(days)s days we found at most %(number)s other violations of the author"),
        within_days=True,
    ),
    "account_age": Kind(
        _("age of the author’s account, in days"), "number", 36_500,
        _("the author’s account is at least %(number)s days old"),
        _("the author’s account is at most %(number)s days old"),
    ),
    "subject": Kind(
        _("kind of content"), "values",
        one_of=_("it is one of these: %(values)s"), none_of=_("it is none of these: %(values)s"),
    ),
    "language": Kind(
        _("language"), "values",
        one_of=_("it is written in one of these languages: %(values)s"),
        none_of=_("it is written in a language other than these: %(values)s"),
    ),
    "clause": Kind(
        _("clause that was reported"), "values",
        one_of=_("it was reported under one of these clauses: %(values)s"),
        none_of=_("it was reported under a clause other than these: %(values)s"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One comparison. Of a score: its `label`, and a `level` or a number of 0 to 1; of values: at least one."""

    kind: str
    comparison: str
    number: float | None = None
    label: str = ""
    level: str = ""
    days: int | None = None
    values: tuple[str, ...] = ()

    @property
    def fact(self) -> str:
        """The name of what it compares: score:toxicity, strikes:90, reporters."""
        return ":".join(str(one) for one in (self.kind, self.label, self.days) if one not in ("", None))

    @property
    def as_json(self) -> dict[str, Any]:
        """The condition as it is stored: what does not belong to its kind is not there."""
        said: dict[str, Any] = {"kind": self.kind}
        said |= {"label": self.label} if self.label else {}
        if self.level:
            return said | {"level": self.level}
        said["comparison"] = self.comparison
        if self.values:
            return said | {"values": list(self.values)}
        said["number"] = self.number
        return said | ({"days": self.days} if self.days is not None else {})

    def words(self, clauses: Mapping[str, str] | None = None, *, exact: bool = True) -> str:
        """What it asks for, in the active language; `clauses` are titles by code.

        Unless `exact`, without the number that a score is compared with (H6).
        """
        kind = KINDS[self.kind]
        if kind.compares == "score":
            if self.number is not None and not exact:
                return str(_("a classifier gives “%(label)s” a certain score") % {"label": self.label})
            return str(_score_words(self) % {"label": self.label, "number": self.number})
        if kind.compares == "values":
            names = ", ".join(_value_words(self.kind, one, clauses or {}) for one in self.values)
            return str(getattr(kind, self.comparison) % {"values": names})
        number = f"{self.number:g}" if self.number is not None else ""
        return str(getattr(kind, self.comparison) % {"number": number, "days": self.days})


@dataclass(frozen=True)
class Group:
    """Conditions of which all, or any, must hold."""

    match: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Conditions:
    """What has to hold of a case for a rule to act: every group of it."""

    groups: tuple[Group, ...]

    def __iter__(self) -> Iterator[Condition]:
        return (one for group in self.groups for one in group.conditions)

    @property
    def exact(self) -> bool:
        """Whether it compares a score with a number: what holds then says what the score is (H6)."""
        return any(one.kind == "score" and one.number is not None for one in self)

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "groups": [
                {"match": group.match, "conditions": [one.as_json for one in group.conditions]} for group in self.groups
            ]
        }


def read_conditions(document: Any) -> Conditions:
    """The conditions of a JSON document. Raises ValidationError that says where it is wrong, and what to write."""
    groups = _list(document, "groups", MOST_GROUPS, _("Give an object with a list of 1 to %(most)s “groups”."))
    found = []
    for place, group in enumerate(groups, start=1):
        message = _("Group %(group)s: give a list of 1 to %(most)s “conditions”.")
        rows = _list(group, "conditions", MOST_CONDITIONS, message, group=place)
        if unknown := sorted(map(str, set(group) - {"match", "conditions"})):
            _refuse(_("Group %(group)s knows no “%(name)s”; leave it out."), group=place, name=unknown[0])
        if group.get("match") not in MATCHES:
            _refuse(_("Group %(group)s: “match” is “all” or “any”."), group=place)
        conditions = tuple(_condition(row, f"{place}.{number}") for number, row in enumerate(rows, start=1))
        found.append(Group(group["match"], conditions))
    return Conditions(tuple(found))


def without_numbers(document: Any) -> Any:
    """The JSON of stored conditions without the numbers that scores are compared with (H6)."""
    try:
        conditions = read_conditions(document).as_json
    except ValidationError:
        return {}
    for group in conditions["groups"]:
        for one in group["conditions"]:
            if one["kind"] == "score":
                one.pop("number", None)
    return conditions


def validate_conditions(document: Any) -> None:
    """Raise ValidationError unless `document` is what read_conditions takes: for the column."""
    read_conditions(document)


def _condition(said: Any, place: str) -> Condition:
    """One condition; `place` is group and number, counted from 1."""
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str) or said["kind"] not in KINDS:
        _refuse(_("Condition %(place)s: “kind” is one of %(names)s."), place=place, names=", ".join(KINDS))
    kind = KINDS[said["kind"]]
    taken = {"score": {"kind", "label", "level", "comparison", "number"}, "values": {"kind", "comparison", "values"}}
    known = taken.get(kind.compares, {"kind", "comparison", "number"} | ({"days"} if kind.within_days else set()))
    if unknown := sorted(map(str, set(said) - known)):
        _refuse(_("Condition %(place)s knows no “%(name)s”; leave it out."), place=place, name=unknown[0])
    if kind.compares == "score":
        return _score(said, place)
    if kind.compares == "values":
        comparison = _one_of(said, "comparison", (ONE_OF, NONE_OF), place)
        return Condition(said["kind"], comparison, values=_values(said, place))
    comparison = _one_of(said, "comparison", (AT_LEAST, AT_MOST), place)
    number = _number(said, "number", 0, kind.most, place)
    days = int(_number(said, "days", 1, 3_650, place)) if kind.within_days else None
    return Condition(said["kind"], comparison, number=number, days=days)


def _score(said: Mapping[str, Any], place: str) -> Condition:
    label = said.get("label")
    if not isinstance(label, str) or not _LABEL.match(label):
        _refuse(_("Condition %(place)s: “label” is a label of a classifier, such as “toxicity”."), place=place)
    if "level" in said:
        if "number" in said or "comparison" in said:
            _refuse(_("Condition %(place)s: give a “level” or a “number”, not both."), place=place)
        level = _one_of(said, "level", tuple(LEVELS), place)
        return Condition("score", AT_LEAST, label=label, level=level)
    comparison = _one_of(said, "comparison", (AT_LEAST, AT_MOST), place)
    return Condition("score", comparison, number=_number(said, "number", 0, 1, place, whole=False), label=label)


def _values(said: Mapping[str, Any], place: str) -> tuple[str, ...]:
    values = said.get("values")
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_VALUES:
        _refuse(_("Condition %(place)s: give 1 to %(most)s “values”."), place=place, most=MOST_VALUES)
    for one in values:
        if said["kind"] == "subject" and one not in TARGETS:
            names = ", ".join(TARGETS)
            _refuse(_("Condition %(place)s: each of “values” is one of %(names)s."), place=place, names=names)
        pattern, message = {
            "language": (_LANGUAGE, _("Condition %(place)s: each of “values” is a code such as “en” or “th”.")),
        }.get(said["kind"], (CODE, _("Condition %(place)s: each of “values” is the code of a clause.")))
        if not isinstance(one, str) or not pattern.match(one):
            _refuse(message, place=place)
    return tuple(dict.fromkeys(values))


def _number(said: Mapping[str, Any], name: str, least: int, most: int, place: str, *, whole: bool = True) -> float:
    value = said.get(name)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most or (whole and value != int(value)):  # type: ignore[operator,arg-type]
        message = (
            _("Condition %(place)s: “%(name)s” is a whole number from %(least)s to %(most)s.")
            if whole
            else _("Condition %(place)s: “%(name)s” is a number from %(least)s to %(most)s.")
        )
        _refuse(message, place=place, name=name, least=least, most=most)
    return int(value) if whole else float(value)  # type: ignore[arg-type]


def _one_of(said: Mapping[str, Any], name: str, choices: Sequence[str], place: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or value not in choices:
        names = ", ".join(choices)
        _refuse(_("Condition %(place)s: “%(name)s” is one of %(names)s."), place=place, name=name, names=names)
    assert isinstance(value, str)
    return value


def _list(said: Any, name: str, most: int, message: Any, **params: Any) -> list[Any]:
    rows = said.get(name) if isinstance(said, dict) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= most:
        _refuse(message, most=most, **params)
    assert isinstance(rows, list)
    return rows


def _refuse(message: Any, **params: Any) -> NoReturn:
    # What somebody sent is repeated as text that every way out can carry.
    said = {name: one.encode(errors="replace").decode()[:200] if isinstance(one, str) else one
            for name, one in params.items()}  # fmt: skip
    raise ValidationError(message, code="invalid_conditions", params=said)


def _score_words(one: Condition) -> Promise:
    if one.level == "confident":
        return _("a classifier is sure of “%(label)s”")
    if one.level == "flagged":
        return _("a classifier flags “%(label)s”")
    if one.comparison == AT_LEAST:
        return _("a classifier gives “%(label)s” at least %(number)s")
    return _("a classifier gives “%(label)s” at most %(number)s")


# What a rule calls the things it is about.
SUBJECTS: dict[str, Promise] = {
    "repository": _("repository"),
    "discussion": _("discussion"),
    "comment": _("comment"),
    "user": _("person"),
    "organization": _("organization"),
}


def _value_words(kind: str, value: str, clauses: Mapping[str, str]) -> str:
    if kind == "subject":
        return str(SUBJECTS[value])
    return clauses.get(value, value) if kind == "clause" else value
