"""How much one person may answer: checked where answers come in, never in the action."""

import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import RateLimited
from moderation.cases.actions import answer
from moderation.cases.models import Party, PartyMessage

# Messages that one person may send in an hour, over all matters.
MOST_AN_HOUR = 30
HOUR = timedelta(hours=1)
# The room of advisory locks on people who answer.
_LOCKS = 20_404


@transaction.atomic
def answer_within_limit(party: Party, *, text: str, actor: User, request_id: uuid.UUID | None) -> bool:
    """Take an answer of `actor` as the action does, and return whether it is new; what was sent before is no other one.

    Raises RateLimited after MOST_AN_HOUR within the last hour, and what the action raises. Answers of one person count
    one after the other, however many come in at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, actor.pk % 2**31])
    new = request_id is None or not PartyMessage.objects.filter(request_id=request_id).exists()
    if new:
        _require_below_limit(actor)
    answer(party, text=text, actor=actor, request_id=request_id)
    return new


def _require_below_limit(person: User) -> None:
    """Raise RateLimited when `person` sent too much within the last hour; two queries."""
    now = clock.now()
    sent = PartyMessage.objects.filter(author=person, from_team=False, created_at__gt=now - HOUR)
    times = list(sent.order_by("-created_at").values_list("created_at", flat=True)[:MOST_AN_HOUR])
    if len(times) == MOST_AN_HOUR:
        message = _("You wrote a lot within the last hour. Please wait a little.")
        raise RateLimited(message, until=times[-1] + HOUR, now=now)
