"""A request that was sent again: it is done once, and answered the same."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.actions.locking import lock_row
from moderation.cases.events import words
from moderation.cases.models import Case, Event


def was_done(
    case: Case, kind: str, request_id: uuid.UUID | None, *, data: dict[str, str], text: str, actor: User
) -> bool:
    """Whether `actor` did this to `case` by this request already; locks its row first, no query without `request_id`.

    Raises Refused (409, `sent`) where the request said something else, in `data` or in words.
    """
    if request_id is None:
        return False
    row = lock_row(case)
    event = Event.objects.filter(case=row, kind=kind, actor=actor, data__request=request_id.hex).first()
    if event is None:
        return False
    require_same(event, data, text)
    return True


def require_same(event: Event, data: dict[str, str], text: str) -> None:
    """Raise Refused (409, `sent`) where the request of `event` said something else, in `data` or in words."""
    if any(event.data.get(name) != value for name, value in data.items()) or words(event) != text:
        raise SentBefore


class SentBefore(Refused):
    """The same request id with something else."""

    code = "sent"

    def __init__(self) -> None:
        super().__init__(_("This request was sent before with other words. Use a new key."))


def marked(data: dict[str, Any], request_id: uuid.UUID | None) -> dict[str, Any]:
    """`data` of the event of a request, by which was_done() finds it again."""
    return data | ({"request": request_id.hex} if request_id else {})
