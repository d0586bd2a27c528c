"""Priority that explains itself point by point (D4). One formula; its weights are data, see weights.py.

A case's points do not depend on how long it waits. Waiting is in the order, not in the row: the queue sorts by
rank = −points + the weight of waiting × (hours since the epoch when it opened), so that waiting moves nobody's row.
What time alone changes (a deadline that passed, the owner's time that is over, a trend that fades) is work: somebody
computes the case again then (deadlines.py, reprioritise.py).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.cases.facts import Facts, facts_of, facts_of_many
from moderation.cases.models import Case
from moderation.cases.weights import Weights, weights

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# What is stored of it, with the types of the columns.
SAVED = {
    "points": "float8",
    "rank": "float8",
    "reach": "float8",
    "best_label": "text",
    "best_value": "float8",
    "best_level": "int2",
    "reserved": "bool",
    "author_id": "bigint",
    "organization_id": "bigint",
    "formula": "int",
    "ranked_at": "timestamptz",
}
FIELDS = tuple(name.removesuffix("_id") for name in SAVED)

WHY: dict[str, Any] = {
    "severity": _("Severity %(severity)s: %(clause)s"),
    "score": _("Highest score: %(label)s"),
    "reporters": _("People who reported it: %(reporters)s, weighted by how often we agreed with them"),
    "reach": _("Reach: %(likes)s likes, %(downloads)s downloads"),
    "trend": _("Trend: likes and downloads of these days"),
    "lane": _("Lane: %(lane)s"),
    "interim": _("A rule acted; a human must review it"),
    "contested": _("Somebody contests what a rule did; a human must answer"),
    "deadline": _("It has a deadline"),
    "window_over": _("The owner’s time to answer is over"),
    "overdue": _("Its deadline has passed"),
    "waiting": _("Waits for %(hours)d hours"),
}
# The term whose points tell the score, which not everybody may see (H6).
SCORE = "score"
# Terms that come from the likes and downloads of the repository, which nobody tells us about.
REACH = ("reach", "trend")
# Terms that are there or not.
STATES = ("interim", "contested", "deadline", "window_over", "overdue")


@dataclass(frozen=True)
class Point:
    """One term of the priority: its code, its weight and how many points it gives; `most` where it has a limit."""

    code: str
    weight: float
    points: float
    most: float | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """The term in a sentence, in the reader's language."""
        about = {name: gettext(value) if isinstance(value, str) else value for name, value in self.about.items()}
        return str(WHY[self.code] % about)


def points_of(facts: Facts, of: Mapping[str, float]) -> list[Point]:
    """The terms of the priority of a case with these facts under the weights `of`, without waiting. Pure.

    Whatever the weights are, more of a fact never gives fewer points.
    """
    terms = [
        _term(of, "severity", facts.severity, severity=facts.severity, clause=facts.clause),
    ]
    if facts.score is not None:
        terms.append(_term(of, SCORE, facts.score, label=facts.label))
    if facts.reporters:
        terms.append(_term(of, "reporters", math.log2(1 + facts.weight), reporters=facts.reporters))
    terms += reach_of(facts, of)
    if facts.lane:
        terms.append(_term(of, "lane", facts.lane_points, lane=facts.lane))
    return terms + [_term(of, code, 1.0) for code in STATES if getattr(facts, code)]


def reach_of(facts: Facts, of: Mapping[str, float]) -> list[Point]:
    """The terms of reach and trend; none for what lies in no repository."""
    if facts.likes is None or facts.downloads is None:
        return []
    likes, downloads = facts.likes, facts.downloads
    reach = _term(of, "reach", math.log10(1 + likes * 10 + downloads), likes=likes, downloads=downloads)
    return [reach, _term(of, "trend", math.log10(1 + facts.activity))]


def explain(case: Case, now: datetime) -> list[Point]:
    """Every term of the priority of an open `case` at `now`, waiting included; at most two queries."""
    of = weights().of
    waiting = _term(of, "waiting", hours_between(case.opened_at, now), hours=hours_between(case.opened_at, now))
    return [*points_of(facts_of(case, now), of), waiting]


def update_priority(case: Case, now: datetime) -> None:
    """Recompute what the queue knows of a case whose row the caller holds locked; at most three queries."""
    update_priorities([case], now)


def update_priorities(cases: Sequence[Case], now: datetime) -> int:
    """The same for many cases, locked by ascending id; returns how many changed. What stays as it is costs no write."""
    known, formula = facts_of_many(cases, now), weights()
    changed = [case for case in cases if _has_changed(case, known[case.pk], formula, now)]
    if changed:
        _save(changed)
    return len(changed)


def recompute(case: Case, now: datetime) -> tuple[str, ...]:
    """The names of the fields that have another value now, for a caller who saves them; at most two queries.

    Its clause is the one that `case` was given, saved or not.
    """
    facts = replace(facts_of(case, now), severity=case.clause.severity, clause=case.clause.title)
    return FIELDS if _has_changed(case, facts, weights(), now) else ()


def _has_changed(case: Case, facts: Facts, formula: Weights, now: datetime) -> bool:
    """Set what follows from `facts`; whether that is anything new."""
    before = _stored(case)
    _set(case, facts, formula)
    if before == _stored(case):
        return False
    case.ranked_at = now
    return True


def set_first_priority(case: Case, facts: Facts, now: datetime) -> None:
    """What the queue knows of a case that is not saved yet; no query where the weights are known."""
    _set(case, facts, weights())
    case.ranked_at = now


def present_points(case: Case, now: datetime) -> float:
    """Points of an open `case` at `now`, waiting included: what its place in the queue says; no query."""
    since_epoch = hours_between(EPOCH, case.opened_at)
    # The weight of waiting with which it was ranked.
    waiting = (case.rank + case.points) / since_epoch if since_epoch else 0.0
    return case.points + waiting * hours_between(case.opened_at, now)


def hours_between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def _set(case: Case, facts: Facts, formula: Weights) -> None:
    terms = points_of(facts, formula.of)
    case.points = math.fsum(term.points for term in terms)
    case.rank = -case.points + formula.of["waiting"] * hours_between(EPOCH, case.opened_at)
    case.reach = math.fsum(term.points for term in terms if term.code in REACH)
    case.best_label, case.best_value, case.best_level = facts.label, facts.score, facts.level
    case.reserved, case.author_id, case.organization_id = facts.reserved, facts.author, facts.organization
    case.formula = formula.version


def _stored(case: Case) -> list[Any]:
    return [getattr(case, name) for name in SAVED]


def _save(cases: Sequence[Case]) -> None:
    """One statement for all of them, since every report that comes in and every change of the weights runs it."""
    given = ", ".join(f"%({name})s::{kind}[]" for name, kind in {"id": "bigint", **SAVED}.items())
    changes = ", ".join(f"{name} = new.{name}" for name in SAVED)
    statement = f"UPDATE cases_case one SET {changes} FROM unnest({given}) new (id, {', '.join(SAVED)})"  # noqa: S608
    with connection.cursor() as cursor:
        values = {name: [getattr(case, name) for case in cases] for name in ("id", *SAVED)}
        cursor.execute(f"{statement} WHERE one.id = new.id", values)


def _term(of: Mapping[str, float], code: str, amount: float, **about: Any) -> Point:
    weight, most = of[code], of.get(f"{code}_most")
    points = weight * amount if most is None else min(weight * amount, most)
    return Point(code, weight, points, most, about)
