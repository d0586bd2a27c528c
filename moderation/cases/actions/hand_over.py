import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases import due
from moderation.cases.actions.locking import lock_to_work
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline
from moderation.cases.parking import unpark
from moderation.cases.queries import decidable_by

# Whoever gets a case need not sit at the desk this minute.
KEPT = timedelta(hours=24)


@transaction.atomic
def hand_over(case: Case, *, to: User, note: str = "", actor: User, request_id: uuid.UUID | None = None) -> None:
    """Give the case to a colleague, who keeps it for a day and gets a message; `note` stays in the team (D4).

    Raises Forbidden, ClaimedByOther, or Refused when `to` may not see or decide it. A repeated `request_id` does
    nothing more.
    """
    data = {"to": to.public_id.hex}
    if was_done(case, "case.handed_over", request_id, data=data, text=note.strip(), actor=actor):
        case.refresh_from_db()
        return
    row = lock_to_work(case, actor)
    able = to != actor and not to.is_system and to.is_active and to.has_perm("cases.decide")
    if not able or not decidable_by(Case.objects.filter(pk=row.pk), to).exists():
        raise Refused(_("This person cannot decide this case. Choose somebody else."), code="cannot_decide")
    if row.parked == Case.Parked.SNOOZED:
        due.settle(row, Deadline.Kind.SNOOZE)
        unpark(row)
    now = clock.now()
    row.assignee, row.lease_until = to, now + KEPT
    record(
        row,
        "case.handed_over",
        actor=actor,
        data=marked(data, request_id),
        text=note.strip(),
        moves=False,
        at=now,
        also=("assignee", "lease_until"),
    )
    with translation.override(to.language):
        write_to(
            to,
            key=f"handed-over:{row.public_id}:{row.event_count}",
            subject=_("%(person)s handed a case over to you") % {"person": actor.username},
            body=_("It is yours for a day. What they say about it stands at the case."),
            link=row.get_absolute_url(),
            link_label=_("The case"),
            actor=actor,
        )
    case.refresh_from_db()
