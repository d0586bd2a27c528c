import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases import due
from moderation.cases.actions.interim import hold_what_was_lifted
from moderation.cases.actions.locking import lock_case
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.clocks import State
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline
from moderation.cases.permissions import require_decide
from moderation.cases.priority import update_priority
from moderation.cases.related import clock_of

SHORTEST_REASON = 10


class AnotherIsOpen(Refused):
    """Another case about the same subject is open: `case`."""

    code = "another_open"

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(_("Another case about the same is open. Go on there."))


@transaction.atomic
def reopen(case: Case, *, reason: str, actor: User, request_id: uuid.UUID | None = None) -> None:
    """Open a decided case again: its reports stay decided, its measures stand until they are decided anew (D1).

    What a rule or a lane held until it was decided, and the decision lifted, holds again until then (C6, C9).

    Raises Forbidden, AnotherIsOpen, or Refused when it is open or no reason is given. A repeated `request_id` does
    nothing more.
    """
    if was_done(case, "case.reopened", request_id, data={}, text=reason.strip(), actor=actor):
        case.refresh_from_db()
        return
    row = lock_case(case)
    if row.kind != Case.Kind.REVIEW:
        raise Refused(
            _("An appeal is answered once. Contest the decision again, or decide about the case."), code="appeal"
        )
    require_decide(row, actor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence why we look again."), code="invalid", status=400)
    if row.state != Case.State.DECIDED:
        raise Refused(_("This case is open."), code="open")
    row.state, row.decided_at = Case.State.OPEN, None
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "decided_at"])
    except IntegrityError:
        other = Case.objects.filter(subject=row.subject, kind=row.kind, state=Case.State.OPEN).get()
        raise AnotherIsOpen(other) from None
    record(row, "case.reopened", actor=actor, data=marked({}, request_id), text=reason.strip())
    look_again_by(row)
    update_priority(row, clock.now())
    hold_what_was_lifted(row, row.decisions.final().order_by("-pk").first())
    case.refresh_from_db()


def look_again_by(row: Case) -> None:
    """What the clause and the lane want of a new case, and the ends of times that parties still have."""
    now = clock.now()
    wanted = [row.clause.decide_within, row.lane.decide_within if row.lane else None]
    if times := [one for one in wanted if one]:
        due.expect(row, Deadline.Kind.DECIDE, now + min(times))
    for party in row.parties.filter(left_at=None, answer_until__isnull=False):
        kept = clock_of(party)
        if kept.until is not None and kept.state(now) == State.RUNS:
            due.expect(row, Deadline.Kind.WINDOW, kept.until, party=party)
