"""Where in the queue a report brings its case, and by when somebody must have looked (C5, C6, C9, C10, D4)."""

from datetime import datetime

from django.db.models import Exists, QuerySet

from accounts.queries import system_actor
from foundation.compiled import Compiled
from foundation.rows import update
from moderation.cases import due
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline
from moderation.policy.models import Lane
from moderation.reports.models import Report
from moderation.subjects import quarantine
from moderation.subjects.models import Snapshot

ROUTED = "case.routed"
# Lanes that follow from what a report says or who filed it, not from its clause.
THREAT, TRUSTED, LEGAL = "threat", "trusted", "legal"


def route(row: Case, report: Report, at: datetime) -> None:
    """Bring the case into the first lane that `report` asks for, and set what its clause and lane want; row locked.

    A case never moves to a later lane by itself: neither by a report, nor away from where somebody escalated it to. But
    what is locked away, or was until it was destroyed, stays with the people of its lane, whatever it is reported for
    next (C9). An event tells the move of a case that was there before; `at` is the present moment.
    """
    wanted = lane_of(report)
    within = [report.clause.decide_within, wanted.decide_within if wanted else None]
    sealed = _lane_behind_the_door(row, report.snapshot)
    if sealed is not None and not (wanted and wanted.sealed):
        wanted = sealed
        within.append(sealed.decide_within)
    if wanted is not None and (row.lane is None or sealed is not None or wanted.order < row.lane.order):
        before, row.lane = row.lane, wanted
        if row.event_count:
            data = {"from": before.code if before else "", "to": wanted.code, "report": report.public_id.hex}
            # Nobody of us moved it, and who reported it in confidence is named in no event (C1).
            record(row, ROUTED, actor=system_actor(), data=data, moves=False, at=at, also=["lane"])
        else:
            update(row, "lane")
    if times := [one for one in within if one]:
        at = report.noticed_at + min(times)
        if row.due_at is None or at < row.due_at:
            due.settle(row, Deadline.Kind.DECIDE)
            due.expect(row, Deadline.Kind.DECIDE, at)


def _lane_behind_the_door(row: Case, snapshot: Snapshot) -> Lane | None:
    """Where a case about sealed words belongs: None where it lies in such a lane, there is none, or no word is sealed.

    One query, one more where `snapshot` is sealed and no earlier case says which lane it was.
    """
    if row.lane and row.lane.sealed:
        return None
    lane = _sealed_lane.first(row.subject_id)
    if lane is None and snapshot.sealed:
        lane = Lane.objects.filter(sealed=True).order_by("order").first()
    return lane


@Compiled
def _sealed_lane(subject: int) -> QuerySet[Lane]:
    """The lane of an earlier case, where words of the subject are locked away still."""
    locked = quarantine.standing().filter(snapshot__subject=subject)
    earlier = Case.objects.filter(subject=subject, lane__sealed=True)
    lanes = Lane.objects.filter(Exists(locked), sealed=True, pk__in=earlier.order_by().values("lane"))
    return lanes.order_by("order")[:1]


def is_routed(report: Report) -> bool:
    """Whether `report` asks for a lane or a deadline: whether route would do anything; no query."""
    by_itself = report.danger or report.trusted or report.channel == Report.Channel.AUTHORITY
    return by_itself or report.clause.lane_id is not None or report.clause.decide_within is not None


def lane_of(report: Report) -> Lane | None:
    """The first lane that `report` asks for; at most one query.

    That of its clause, for somebody in danger, of trusted flaggers, for orders of authorities.
    """
    ordered = report.channel == Report.Channel.AUTHORITY
    codes = [THREAT] * report.danger + [TRUSTED] * report.trusted + [LEGAL] * ordered
    lanes = list(Lane.objects.filter(code__in=codes)) if codes else []
    if report.clause.lane is not None:
        lanes.append(report.clause.lane)
    return min(lanes, key=lambda lane: lane.order, default=None)
