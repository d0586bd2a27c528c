"""Where in the queue a report brings its case, and by when somebody must have looked (C5, C6, C9, C10, D4)."""

from moderation.cases import due
from moderation.cases.models import Case, Deadline
from moderation.policy.models import Lane
from moderation.reports.models import Report

# Lanes that follow from what a report says or who filed it, not from its clause.
THREAT, TRUSTED, LEGAL = "threat", "trusted", "legal"


def route(row: Case, report: Report) -> None:
    """Bring the case into the first lane that `report` asks for, and set what its clause and lane want; row locked.

    A case never moves to a later lane by itself: neither by a report, nor away from where somebody escalated it to.
    """
    wanted = lane_of(report)
    if wanted is not None and (row.lane is None or wanted.order < row.lane.order):
        row.lane = wanted
        row.save(update_fields=["lane"])
    times = [one for one in (report.clause.decide_within, wanted.decide_within if wanted else None) if one]
    if times:
        at = report.noticed_at + min(times)
        if row.due_at is None or at < row.due_at:
            due.settle(row, Deadline.Kind.DECIDE)
            due.expect(row, Deadline.Kind.DECIDE, at)


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
