"""The saved views of the queue that a moderator has: own ones and those the team shares (D4)."""

from collections.abc import Collection
from typing import cast

from django.db.models import Q
from django.http import QueryDict

from accounts.models import User
from moderation.cases.lanes import Listing, count
from moderation.cases.models import SavedView
from moderation.cases.queue_forms import QueueFilters


def views_of(person: User, lanes: Collection[str]) -> list[SavedView]:
    """Own views, then those that others share, by name; without those of a lane that is not among `lanes`.

    What a view shows is always asked for its reader, so that sharing one opens nothing. One query.
    """
    rows = SavedView.objects.filter(Q(owner=person) | Q(shared=True)).select_related("owner").order_by("name", "pk")
    seen = [view for view in rows if lane_of(view) in lanes]
    return sorted(seen, key=lambda view: view.owner_id != person.pk)


def lane_of(view: SavedView) -> str:
    return cast("str", QueryDict(view.query).get("lane")) or "open"


def count_views(views: Collection[SavedView], like: QueueFilters) -> dict[str, int]:
    """How many cases each of `views` has for the viewer of `like`, by the view's id, to a hundred; one statement.

    Besides, one query for each view with words.
    """
    listings: list[Listing] = []
    for view in views:
        filters = QueueFilters(QueryDict(view.query), viewer=like.viewer, like=like)
        filters.is_valid()
        listings.append(filters.listing())
    return count(listings, [view.public_id.hex for view in views])
