"""What every page may use."""

from typing import Any

from django.http import HttpRequest

from accounts.queries import unread_count


def site(request: HttpRequest) -> dict[str, Any]:
    """Adds `unread` (messages in the viewer's inbox, 0-99) and `is_team`; one query for those who are signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread": 0, "is_team": False}
    return {"unread": unread_count(user), "is_team": user.is_team}
