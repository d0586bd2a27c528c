"""The case in the queue in which the appeals about one subject lie: opening, waiting, closing (G2)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from foundation import clock
from moderation.appeals.models import Appeal
from moderation.cases import due
from moderation.cases.actions.closing import shut
from moderation.cases.models import Case, Deadline, Decision
from moderation.cases.parking import park, unpark
from moderation.cases.priority import update_priority

OPEN = Appeal.State.OPEN


def lock_cases(decision: Decision, *others: int) -> dict[int, Case]:
    """The rows of the case of `decision`, of its subject's open cases, of every other case whose decision has one of
    its measures, and of the `others` (ids), by their ids: locked in the order of the ids, as everybody does.
    """
    sharing = Decision.objects.filter(measures__decisions=decision).values_list("case", flat=True)
    about = Case.objects.filter(subject=decision.case.subject_id, state=Case.State.OPEN)
    keys = {decision.case_id, *others, *sharing, *about.values_list("pk", flat=True)}
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject", "assignee")
    return {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}


def open_or_join(decision: Decision, rows: dict[int, Case]) -> Case:
    """The open appeal case of the subject, locked, and new where there is none; `rows` are what lock_cases gave."""
    first = rows[decision.case_id]
    for row in rows.values():
        if row.kind == Case.Kind.APPEAL and row.state == Case.State.OPEN:
            _follow_lane(row, first)
            return row
    try:
        with transaction.atomic():
            Case.objects.create(
                subject=first.subject,
                subject_kind=first.subject_kind,
                kind=Case.Kind.APPEAL,
                clause=decision.clause or first.clause,
                language=first.language,
                # What only the people of a lane see, only they see when it is contested (C9).
                lane=first.lane if first.lane and first.lane.group_id else None,
                opened_at=clock.now(),
            )
    except IntegrityError:
        pass  # another appeal opened it a moment ago: join
    found = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject", "assignee")
    case = found.get(subject=first.subject, kind=Case.Kind.APPEAL, state=Case.State.OPEN)
    _follow_lane(case, first)
    return case


def _follow_lane(case: Case, first: Case) -> None:
    """Of decisions that are contested together the one that only the people of a lane see says who looks (C9)."""
    lane = first.lane
    if lane is None or not lane.group_id or (case.lane is not None and case.lane.group_id):
        return
    case.lane = lane
    if case.assignee and not case.assignee.groups.filter(pk=lane.group_id).exists():
        case.assignee, case.lease_until = None, None
    case.save(update_fields=["lane", "assignee", "lease_until"])


def settle(case: Case, at: datetime) -> None:
    """After one of its appeals was answered at `at`: the locked case is decided with its last one, else goes on."""
    if not case.appeals.filter(state=OPEN).exists():
        case.save(update_fields=shut(case, at))
        due.settle(case)
        return
    rules = case.appeals.filter(state=OPEN, decision__interim=True)
    if due.expects(case, Deadline.Kind.CONTESTED) and not rules.exists():
        due.settle(case, Deadline.Kind.CONTESTED)
    wait_or_come_back(case)
    update_priority(case, at)


def wait_or_come_back(case: Case) -> None:
    """Park the locked case while every open appeal of it waits for whoever contests; else it lies in the queue again.

    Until the first of their times is over, and no longer than until somebody of us must have looked.
    """
    if case.parked not in ("", Case.Parked.OWNER):
        return
    now = clock.now()
    open_ones = list(case.appeals.filter(state=OPEN).values_list("answer_until", flat=True))
    ends = [until for until in open_ones if until is not None and until > now]
    until = min([*ends, *([case.due_at] if case.due_at else [])], default=now)
    if ends and len(ends) == len(open_ones) and until > now:
        park(case, Case.Parked.OWNER, until)
    else:
        unpark(case)
