import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases import due
from moderation.cases.actions.locking import lock_to_work
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline
from moderation.cases.parking import park, unpark

LONGEST_SNOOZE = timedelta(days=30)


@transaction.atomic
def snooze(case: Case, *, until: datetime, reason: str, actor: User, request_id: uuid.UUID | None = None) -> None:
    """Let the case wait outside of the queue until `until`, or until something new happens to it (D4).

    Raises Forbidden, ClaimedByOther, or Refused without a reason, for more than 30 days, beyond the moment by which
    somebody must have looked, and while it waits for somebody else. A repeated `request_id` does nothing more.
    """
    data = {"until": until.isoformat()}
    if was_done(case, "case.snoozed", request_id, data=data, text=reason.strip(), actor=actor):
        case.refresh_from_db()
        return
    row = lock_to_work(case, actor)
    now = clock.now()
    if not reason.strip():
        raise Refused(_("Say in a few words what you wait for."), code="invalid", status=400)
    if not now < until <= now + LONGEST_SNOOZE:
        raise Refused(_("Choose a moment within the next 30 days."), code="invalid", status=400)
    if row.due_at is not None and until > row.due_at:
        raise Refused(_("Somebody must have looked at it before that. Choose an earlier moment."), code="due")
    if row.parked not in ("", Case.Parked.SNOOZED):
        raise Refused(_("This case waits for somebody already."), code="parked")
    due.settle(row, Deadline.Kind.SNOOZE)
    park(row, Case.Parked.SNOOZED, until)
    due.expect(row, Deadline.Kind.SNOOZE, until)
    record(row, "case.snoozed", actor=actor, data=marked(data, request_id), text=reason.strip(), moves=False)
    case.refresh_from_db()


@transaction.atomic
def wake(case: Case, *, actor: User) -> None:
    """Bring a snoozed case back now; nothing happens to one that is not. Raises Forbidden, ClaimedByOther, Refused."""
    row = lock_to_work(case, actor)
    if row.parked == Case.Parked.SNOOZED:
        due.settle(row, Deadline.Kind.SNOOZE)
        unpark(row)
        record(row, "case.woken", actor=actor, moves=False)
    case.refresh_from_db()
