"""What happens when a deadline of a case passes."""

from foundation import clock
from foundation.work import work_off
from moderation.cases.models import Case, Deadline
from moderation.cases.priority import update_priority


def act_on_deadlines() -> int:
    """Work off every deadline that passed; returns how many."""
    return work_off(Deadline.objects.all(), _climb)


def _climb(deadline: Deadline) -> None:
    """An interim measure that nobody reviewed in time brings its case to the top of the queue (I1)."""
    row = Case.objects.select_for_update(of=("self",)).select_related("clause", "subject").get(pk=deadline.case_id)
    if row.state == Case.State.OPEN:
        update_priority(row, clock.now())
