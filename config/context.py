"""What every page may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from community.inbox import Unread, unread


def site(request: HttpRequest) -> dict[str, Any]:
    """Adds what the viewer has not read, `is_team`, `events_url`; one query for those who are signed in.

    `unread` counts both kinds (0-99), `unread_messages` and `unread_discussions` each by itself.
    """
    user = getattr(request, "user", None)
    viewer = user if isinstance(user, User) else None
    found = unread(viewer) if viewer else Unread(0, 0)
    return {
        "unread": found.total,
        "unread_messages": found.messages,
        "unread_discussions": found.discussions,
        "is_team": viewer is not None and viewer.is_team,
        "events_url": settings.EVENTS_URL,
    }
