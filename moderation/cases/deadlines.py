"""What happens when a deadline of a case passes: each kind has its function (D2, I1)."""

from collections.abc import Callable

from foundation import clock
from foundation.work import work_off
from moderation.cases.actions.counter import restore
from moderation.cases.actions.endings import measures_ended
from moderation.cases.actions.windows import window_ended
from moderation.cases.models import Case, Deadline
from moderation.cases.parking import unpark
from moderation.cases.priority import update_priority

Act = Callable[[Case, Deadline], None]


def act_on_deadlines() -> int:
    """Work off every deadline that passed; returns how many."""
    return work_off(Deadline.objects.all(), _act, hold=_locked)


def _locked(deadline: Deadline) -> Case:
    """The case, before its deadline: whoever answers or decides holds it, and settles the deadline then."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    return rows.get(pk=deadline.case_id)


def _act(deadline: Deadline) -> None:
    row = _locked(deadline)
    # Asked under the lock: a decision settles what it makes pointless.
    if Deadline.objects.filter(pk=deadline.pk, settled_at=None).exists():
        ACTS[deadline.kind](row, deadline)


def _climb(row: Case, deadline: Deadline) -> None:
    """Nobody looked in time: the case climbs to the top of the queue (I1)."""
    if row.state == Case.State.OPEN:
        update_priority(row, clock.now())


def _wake(row: Case, deadline: Deadline) -> None:
    """A snooze is over: the case lies in the queue again, unless it waits for something else meanwhile."""
    if row.parked == Case.Parked.SNOOZED:
        unpark(row)
        update_priority(row, clock.now())


def _end_window(row: Case, deadline: Deadline) -> None:
    """A party let its time pass: the team may act alone (D2)."""
    if row.state == Case.State.OPEN:
        window_ended(row, deadline)
        update_priority(row, clock.now())


ACTS: dict[str, Act] = {
    Deadline.Kind.INTERIM_REVIEW: _climb,
    Deadline.Kind.DECIDE: _climb,
    Deadline.Kind.SECOND: _climb,
    Deadline.Kind.CONTESTED: _climb,
    Deadline.Kind.SNOOZE: _wake,
    Deadline.Kind.WINDOW: _end_window,
    Deadline.Kind.RESTORE: restore,
    Deadline.Kind.MEASURE_ENDED: measures_ended,
}
