"""How much one person may answer: checked where answers come in, never in the action."""

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import RateLimited
from moderation.cases.models import PartyMessage

# Messages that one person may send in an hour, over all matters.
MOST_AN_HOUR = 30
HOUR = timedelta(hours=1)


def require_below_limit(person: User) -> None:
    """Raise RateLimited when `person` sent too much within the last hour; one query."""
    now = clock.now()
    sent = PartyMessage.objects.filter(author=person, from_team=False, created_at__gt=now - HOUR)
    times = list(sent.order_by("-created_at").values_list("created_at", flat=True)[:MOST_AN_HOUR])
    if len(times) == MOST_AN_HOUR:
        message = _("You wrote a lot within the last hour. Please wait a little.")
        raise RateLimited(message, until=times[-1] + HOUR, now=now)
