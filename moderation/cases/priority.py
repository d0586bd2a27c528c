"""Priority that explains itself point by point (D4). One formula; its weights are data.

A case's points do not depend on the present moment. Waiting is in the order, not in the row: the queue sorts by
rank = −points + WEIGHTS["waiting"] × (hours since the epoch when it opened), so that waiting moves nobody's row.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.reports.queries import reliability
from moderation.scoring.models import Score

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
WEIGHTS = {
    "severity": 8.0,  # a point of severity, 1 to 5
    "score": 40.0,  # the best score, 0 to 1
    "reporters": 10.0,  # a doubling of the reporters, weighted by reliability
    "reporters_most": 40.0,
    "reach": 3.0,  # a tenfold of likes and downloads
    "reach_most": 20.0,
    "interim": 25.0,  # a rule acted and nobody reviewed it
    "overdue": 1000.0,  # that review is due: the top of the queue
    "waiting": 0.5,  # an hour
}


@dataclass(frozen=True)
class Point:
    """One term of the priority: its code, why, and how many points."""

    code: str
    why: Any
    points: float


def explain(case: Case, now: datetime) -> list[Point]:
    """Every term of the priority of an open `case` at `now`, waiting included; four queries."""
    hours = (now - case.opened_at).total_seconds() / 3600
    waiting = Point("waiting", _("Waits for %(hours)d hours") % {"hours": hours}, WEIGHTS["waiting"] * hours)
    return [*_terms(case, now), waiting]


def update_priority(case: Case, now: datetime) -> None:
    """Recompute points and rank of a case whose row the caller holds locked, and save them."""
    case.points = sum(point.points for point in _terms(case, now))
    opened = (case.opened_at - EPOCH).total_seconds() / 3600
    case.rank = -case.points + WEIGHTS["waiting"] * opened
    case.save(update_fields=["points", "rank"])


def _terms(case: Case, now: datetime) -> list[Point]:
    clause: Clause = case.clause
    terms = [
        Point(
            "severity",
            _("Severity %(severity)s: %(clause)s") % {"severity": clause.severity, "clause": gettext(clause.title)},
            WEIGHTS["severity"] * clause.severity,
        )
    ]
    return [*terms, *_scores(case), *_reporters(case), *_reach(case), *_interim(case, now)]


def _scores(case: Case) -> list[Point]:
    reports = Report.objects.filter(case_report__case=case)
    scores = Score.objects.filter(snapshot__in=reports.values("snapshot"))
    best = scores.order_by("-value").values_list("label", "value").first()
    if best is None:
        return []
    label, value = best
    return [Point("score", _("Highest score: %(label)s") % {"label": label}, WEIGHTS["score"] * value)]


def _reporters(case: Case) -> list[Point]:
    reports = Report.objects.filter(case_report__case=case, channel__in=Report.BY_PEOPLE)
    people = list(reports.order_by().values_list("reporter", flat=True).distinct())
    weight = sum(reliability(people).values())
    points = min(WEIGHTS["reporters"] * math.log2(1 + weight), WEIGHTS["reporters_most"])
    why = _("People who reported it: %(count)s, weighted by how often we agreed with them") % {"count": len(people)}
    return [Point("reporters", why, points)] if people else []


def _reach(case: Case) -> list[Point]:
    home = case.subject.home
    if home is None:
        return []
    reach = 1 + home.likes * 10 + home.downloads
    points = min(WEIGHTS["reach"] * math.log10(reach), WEIGHTS["reach_most"])
    why = _("Reach: %(likes)s likes, %(downloads)s downloads") % {
        "likes": home.likes,
        "downloads": home.downloads,
    }
    return [Point("reach", why, points)]


def _interim(case: Case, now: datetime) -> list[Point]:
    if case.due_at is None:
        return []
    points = [Point("interim", _("A rule acted; a human must review it"), WEIGHTS["interim"])]
    if case.due_at <= now:
        points.append(Point("overdue", _("The review of that is due"), WEIGHTS["overdue"]))
    return points


def present_points(case: Case, now: datetime) -> float:
    """Points of an open `case` at `now`, waiting included: what its place in the queue says; no query."""
    return WEIGHTS["waiting"] * (now - EPOCH).total_seconds() / 3600 - case.rank
