import re
import uuid

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import people_named
from foundation.errors import Refused
from moderation.cases.actions.locking import lock_case
from moderation.cases.events import record
from moderation.cases.models import Case, Event
from moderation.cases.permissions import require_no_stake, require_team
from moderation.cases.queries import open_to

LONGEST = 5_000
MOST_MENTIONS = 20
MENTION = re.compile(r"(?<![\w@./-])@(\w[\w.-]*)")


@transaction.atomic
def add_note(case: Case, *, text: str, actor: User, request_id: uuid.UUID | None = None) -> list[User]:
    """Keep a note that only the team reads; whoever it names with “@” gets a message. Returns these people (D4).

    Only members of the team who may see the case are told. Notes are events: nobody changes one, and no decision
    becomes stale by it. A repeated `request_id` adds nothing. Raises Forbidden, or Refused for missing words.
    """
    require_team(actor)
    require_no_stake(case, actor)
    if not text.strip() or len(text) > LONGEST:
        raise Refused(_("Write a few words, at most 5,000 characters."), code="invalid", status=400)
    row = lock_case(case)
    request = request_id.hex if request_id else uuid.uuid4().hex
    if Event.objects.filter(case=row, kind="note.added", data__request=request).exists():
        return []
    people = _mentioned(row, text, actor)
    data = {"request": request, "mentions": [person.public_id.hex for person in people]}
    event = record(row, "note.added", actor=actor, data=data, text=text, moves=False)
    for person in people:
        with translation.override(person.language):
            write_to(
                person,
                key=f"note:{row.public_id}:{event.number}",
                subject=_("%(person)s mentioned you in a note") % {"person": actor.username},
                # The words stay where only those read them who may see the case when they look.
                body=_("It stands at a case in the queue."),
                link=row.get_absolute_url(),
                link_label=_("The case"),
                actor=actor,
            )
    case.refresh_from_db()
    return people


def _mentioned(row: Case, text: str, actor: User) -> list[User]:
    names = {name.rstrip(".-").lower() for name in MENTION.findall(text)}
    people = people_named(sorted(names)[:MOST_MENTIONS]).exclude(pk=actor.pk).order_by("pk")
    this = Case.objects.filter(pk=row.pk)
    return [person for person in people if person.is_team and open_to(this, person).exists()]
