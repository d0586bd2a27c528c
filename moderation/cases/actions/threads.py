"""What we and a party write to each other, and what it does to their time (D1, D2)."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases import letters
from moderation.cases.actions.locking import lock_case, lock_to_work
from moderation.cases.actions.parties import owner_party
from moderation.cases.actions.windows import keep_clock
from moderation.cases.clocks import State
from moderation.cases.events import record
from moderation.cases.models import Case, Party, PartyMessage
from moderation.cases.naming import require_no_names
from moderation.cases.related import clock_of, people_of

LONGEST = 5_000


@transaction.atomic
def ask(
    party: Party, *, text: str, actor: User, request_id: uuid.UUID | None = None, naming: bool = False
) -> PartyMessage:
    """Ask a party something: its whole time begins, and the case waits outside of the queue while it runs (D2).

    `naming` confirms that a name of a reporter or another party in the words must stay. A `request_id` that is
    repeated returns the message it made. Raises Forbidden, ClaimedByOther, or Refused.
    """
    row = lock_to_work(party.case, actor)
    return _ask(row, party, text, actor, request_id, naming)


@transaction.atomic
def ask_owner(
    case: Case, *, text: str, actor: User, request_id: uuid.UUID | None = None, naming: bool = False
) -> PartyMessage:
    """The same to the owner, who joins the case by it (D1). Raises the same, and Refused where nobody is left."""
    row = lock_to_work(case, actor)
    return _ask(row, owner_party(row, actor), text, actor, request_id, naming)


def _ask(row: Case, party: Party, text: str, actor: User, request_id: uuid.UUID | None, naming: bool) -> PartyMessage:
    if known := sent_before(party, text, actor, request_id):
        return known
    message, until = put(row, party, text, actor, request_id, naming, settings.ANSWER_WITHIN)
    letters.write_question(message, until, actor=actor)
    return message


def put(
    row: Case, party: Party, text: str, actor: User, request_id: uuid.UUID | None, naming: bool, window: timedelta
) -> tuple[PartyMessage, datetime]:
    """Put a question into the thread of a party and let its time begin; the caller writes to them.

    Returns the message and until when they have time. Raises Refused.
    """
    party = _whole(row, party, text)
    require_no_names(party, text, naming)
    at = clock.now()
    message = _say(row, party, "party.asked", text, actor, request_id)
    kept = clock_of(party).asked(at, window)
    keep_clock(row, party, kept)
    assert kept.until is not None
    return message, kept.until


@transaction.atomic
def answer(party: Party, *, text: str, actor: User, request_id: uuid.UUID | None = None) -> PartyMessage:
    """A party writes to us: its time stands still, and the case lies in the queue again (D2).

    Raises Forbidden for anybody else, Refused when the case is decided or they left it.
    """
    row = lock_case(party.case)
    if known := sent_before(party, text, actor, request_id):
        return known
    if actor not in people_of(party):
        raise Forbidden(_("Only those whom we asked can answer here."))
    if row.state != Case.State.OPEN:
        raise Refused(
            _("We decided meanwhile. If you think we are wrong, you can contest the decision."), code="decided"
        )
    party = _whole(row, party, text)
    at = clock.now()
    message = _say(row, party, "party.answered", text, actor, request_id)
    party.answered_at = at
    party.save(update_fields=["answered_at"])
    keep_clock(row, party, clock_of(party).answered(at))
    return message


@transaction.atomic
def reply(
    party: Party,
    *,
    text: str,
    actor: User,
    request_id: uuid.UUID | None = None,
    naming: bool = False,
    closes: bool = False,
) -> PartyMessage:
    """Answer a party: their time runs on with what was left, or nothing is asked any more (`closes`) (D2).

    Raises Forbidden, ClaimedByOther, Refused.
    """
    row = lock_to_work(party.case, actor)
    if known := sent_before(party, text, actor, request_id):
        return known
    party = _whole(row, party, text)
    require_no_names(party, text, naming)
    message = _say(row, party, "party.closed" if closes else "party.replied", text, actor, request_id)
    now = clock.now()
    kept = clock_of(party).closed() if closes else clock_of(party).replied(now)
    keep_clock(row, party, kept)
    until = kept.until if kept.state(now) == State.RUNS else None
    letters.write_reply(message, until, actor=actor)
    return message


def _whole(row: Case, party: Party, text: str) -> Party:
    """The party as it is now, its case's row being locked. Raises Refused for words that are missing or too long."""
    if not text.strip() or len(text) > LONGEST:
        raise Refused(_("Write a few words, at most 5,000 characters."), code="invalid", status=400)
    fresh = Party.objects.select_related("user").get(pk=party.pk)
    if fresh.left_at is not None:
        raise Refused(_("This party left the case."), code="left")
    fresh.case = row
    return fresh


def _say(row: Case, party: Party, kind: str, text: str, actor: User, request_id: uuid.UUID | None) -> PartyMessage:
    message = PartyMessage(
        party=party,
        author=actor,
        from_team=kind != "party.answered",
        text=text,
        created_at=clock.now(),
        request_id=request_id or uuid.uuid4(),
    )
    data = {"party": party.public_id.hex, "role": party.role}
    record(row, kind, actor=actor, data=data, at=message.created_at, seals=[message])
    message.save()
    return message


def sent_before(party: Party, text: str, actor: User, request_id: uuid.UUID | None) -> PartyMessage | None:
    """The message that this request made before. Raises Refused when the id belongs to another one."""
    known = PartyMessage.objects.filter(request_id=request_id).first() if request_id else None
    if known and (known.party_id, known.author_id, known.text) != (party.pk, actor.pk, text):
        raise Refused(_("This form was sent before for something else. Reload the page and write again."), code="sent")
    return known
