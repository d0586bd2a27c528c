"""What a rule may be: its scope, conditions and measure fit each other, and the clause lets a rule do it (I1)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from moderation.automation.conditions import CODE, read_conditions
from moderation.automation.conditions import KINDS as CONDITIONS
from moderation.policy.models import Clause
from moderation.sanctions.actions.measures import INTERIM_LASTS
from moderation.sanctions.measures import DECIDED
from moderation.subjects.models import TARGETS

HOUR = timedelta(hours=1)


def longest_hours(measure: str) -> int | None:
    """How many hours a rule may let `measure` hold until a person looks (I1); None where it has no end to choose."""
    kind = DECIDED.get(measure)
    if kind is None or not kind.chooses_end:
        return None
    return (kind.lasts or INTERIM_LASTS) // HOUR


def automatable(clause: Clause) -> list[str]:
    """The measures that a rule may take under `clause`: what the policy allows, mildest first (I1)."""
    return [code for code in DECIDED if code in clause.automation]


def faults_of(values: Mapping[str, Any]) -> dict[str, ValidationError]:
    """What is wrong with a rule of these `values`, by the name of the field; nothing with one that could act.

    `values` are the columns of a rule, with the clause as a row; a value that is missing is not looked at.
    """
    checks = {
        "subject_kinds": _subject_kinds,
        "clauses": _clauses,
        "conditions": _conditions,
        "measure": _measure,
        "lasts": _lasts,
    }
    found = {}
    for name, check in checks.items():
        if values.get(name) is not None:
            try:
                check(values[name], values)
            except ValidationError as fault:
                found[name] = fault
    return found


def _subject_kinds(kinds: Any, _values: Mapping[str, Any]) -> None:
    if not isinstance(kinds, list) or not kinds or not all(isinstance(one, str) and one in TARGETS for one in kinds):
        raise ValidationError(_("Give a list of these: %(names)s."), params={"names": ", ".join(TARGETS)})


def _clauses(codes: Any, _values: Mapping[str, Any]) -> None:
    if not isinstance(codes, list) or not all(isinstance(one, str) and CODE.match(one) for one in codes):
        raise ValidationError(_("Give a list of codes of clauses, [] for any."))
    _require_known(codes)


def _conditions(document: Any, _values: Mapping[str, Any]) -> None:
    conditions = read_conditions(document)
    _require_known({code for one in conditions if one.kind == "clause" for code in one.values})
    if all(CONDITIONS[one.kind].compares == "values" for one in conditions):
        # What was reported, in which language, is no reason to do anything.
        message = _("Add a condition over scores, reports, reach or history: nothing else says that it is a violation.")
        raise ValidationError(message, code="invalid_conditions")


def _require_known(codes: Any) -> None:
    unknown = set(codes) - set(Clause.objects.filter(code__in=list(codes)).values_list("code", flat=True))
    if unknown:
        message = _("There is no clause “%(code)s”. Their codes stand in the policy.")
        raise ValidationError(message, params={"code": sorted(unknown)[0]})


def _measure(measure: str, values: Mapping[str, Any]) -> None:
    kind, clause = DECIDED.get(measure), values.get("clause")
    if kind is None:
        message = _("There is no such measure. Choose one of: %(names)s.")
        raise ValidationError(message, params={"names": ", ".join(DECIDED)})
    if isinstance(clause, Clause) and measure not in clause.automation:
        message = _("The clause “%(clause)s” does not let a rule do this by itself.")
        raise ValidationError(message, params={"clause": str(clause)})
    kinds = values.get("subject_kinds")
    if isinstance(kinds, list) and not {one for one in kinds if isinstance(one, str)} <= kind.subject_kinds:
        names = ", ".join(one for one in TARGETS if one in kind.subject_kinds)
        message = _("“%(measure)s” can only be taken on these: %(names)s.")
        raise ValidationError(message, params={"measure": kind.label, "names": names})


def _lasts(hours: Any, values: Mapping[str, Any]) -> None:
    measure = str(values.get("measure"))
    longest = longest_hours(measure)
    if longest is None and measure in DECIDED:
        message = _("“%(measure)s” has no end to choose: leave this empty.")
        raise ValidationError(message, params={"measure": DECIDED[measure].label})
    if longest is not None and not 1 <= hours <= longest:
        message = _("Until a person looks it may hold for 1 to %(longest)s hours.")
        raise ValidationError(message, params={"longest": longest})
