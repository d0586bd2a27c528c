"""What rules and their runs say in plain words, in the active language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.automation.conditions import KINDS, SUBJECTS, Conditions, read_conditions
from moderation.automation.definition import HOUR
from moderation.policy.models import Clause
from moderation.sanctions.actions.measures import INTERIM_LASTS
from moderation.sanctions.measures import DECIDED
from moderation.scoring.secrecy import sees_thresholds

if TYPE_CHECKING:
    from accounts.models import User
    from moderation.automation.models import Rule

_FACTS = {
    "reporters": gettext_lazy("%(value)s reporters"),
    "reports": gettext_lazy("%(value)s reports"),
    "trusted": gettext_lazy("%(value)s reports of trusted flaggers"),
    "reliability": gettext_lazy("reporters reliable to %(value)s %%"),
    "likes": gettext_lazy("%(value)s likes"),
    "downloads": gettext_lazy("%(value)s downloads"),
    "strikes": gettext_lazy("%(value)s other violations within %(detail)s days"),
    "account_age": gettext_lazy("account of %(value)s days"),
}
_ORDER = list(KINDS)


@dataclass(frozen=True)
class Part:
    """A group of conditions in words: `every` of them must hold, or any."""

    every: bool
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Plain:
    """What a rule does, in plain words: about what, when (each part must hold), and then what."""

    about: str
    parts: tuple[Part, ...]
    then: str


def plain_words(
    conditions: Conditions | None,
    *,
    subject_kinds: Sequence[str],
    clauses: Sequence[str],
    measure: str,
    lasts: int | None,
    titles: Mapping[str, str],
    exact: bool = True,
) -> Plain:
    """The rule in words; `titles` are those of clauses by their codes. What is missing yet is left out.

    Unless `exact`, without the numbers that scores are compared with (H6).
    """
    parts = tuple(
        Part(group.match == "all", tuple(one.words(titles, exact=exact) for one in group.conditions))
        for group in (conditions.groups if conditions else ())
    )
    return Plain(_about(subject_kinds, [titles.get(one, one) for one in clauses]), parts, _then(measure, lasts))


def in_words(rule: "Rule", person: "User", definition: Mapping[str, Any] | None = None) -> Plain:
    """A rule as it is stored, or as it was when it had this `definition`, for `person`; one query."""
    said = {name: getattr(rule, name) for name in ("subject_kinds", "clauses", "conditions", "measure")}
    said |= definition or {}
    try:
        conditions = read_conditions(said.pop("conditions"))
    except ValidationError:
        conditions = None
    titles = {one.code: str(one) for one in Clause.objects.all()}
    return plain_words(conditions, **said, lasts=rule.lasts, titles=titles, exact=sees_thresholds(person))


def words_of(facts: Mapping[str, Any], *, exact: bool) -> str:
    """The facts of a run: toxicity 0.90, 3 reporters; the score's number for those who may see scores (H6)."""
    found = []
    for name, value in sorted(facts.items(), key=lambda item: _place(item[0])):
        kind, _colon, detail = name.partition(":")
        if value is None:
            continue
        if kind == "score":
            found.append(f"{detail} {value:.2f}" if exact else detail)
        elif kind in _FACTS:
            found.append(str(_FACTS[kind] % {"value": f"{value:.0f}", "detail": detail}))
        else:
            found.append(str(SUBJECTS.get(value, value)))
    return ", ".join(found)


def _place(name: str) -> tuple[int, str]:
    kind = name.partition(":")[0]
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER), name


def _about(subject_kinds: Sequence[str], clauses: Sequence[str]) -> str:
    kinds = ", ".join(str(SUBJECTS[one]) for one in subject_kinds if one in SUBJECTS)
    if not kinds:
        return ""
    if not clauses:
        return _("It looks at what was reported: %(kinds)s.") % {"kinds": kinds}
    words = _("It looks at what was reported (%(kinds)s) under: %(clauses)s.")
    return words % {"kinds": kinds, "clauses": ", ".join(clauses)}


def _then(measure: str, lasts: int | None) -> str:
    kind = DECIDED.get(measure)
    if kind is None:
        return ""
    values = {"measure": kind.label, "hours": lasts or (kind.lasts or INTERIM_LASTS) // HOUR}
    words = _(
        "Then: %(measure)s, for the time being. A person is asked to look within 24 hours; it ends by itself after "
        "%(hours)s hours unless a person confirms it."
    )
    return words % values
