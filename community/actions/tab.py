"""What owners do with a whole community tab (B2). None of it closes or hides what a report or the team began."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.posting import PostingRefused, standing_restriction
from community.actions.state import CLOSED_DRAFT
from community.ending import settle_in
from community.entries import write_events
from community.models import Discussion, DiscussionEvent, TabSettings
from foundation import clock
from foundation.errors import Refused
from repositories.access import require_edit, require_manage
from repositories.models import Repository

STANDING = (Discussion.Status.OPEN, Discussion.Status.DRAFT)


@transaction.atomic
def change_tab(repository: Repository, *, on: bool, newcomers: int, actor: User) -> TabSettings:
    """Turn the tab on or off, and say how many days old an account must be to post in it (TabSettings.Newcomers).

    Raises Forbidden unless `actor` manages the repository, Refused (400) for a number of days that is none of ours.
    """
    require_manage(repository, actor)
    if newcomers not in TabSettings.Newcomers.values:
        raise Refused(_("Choose how old an account must be to post here."), code="invalid", status=400)
    values = {"on": on, "newcomers": newcomers, "changed_by": actor, "changed_at": clock.now()}
    chosen, _new = TabSettings.objects.update_or_create(repository=repository, defaults=values)
    return chosen


@transaction.atomic
def close_all(repository: Repository, *, actor: User) -> int:
    """Close everything that people opened and that is still open, pull requests included; returns how many.

    What is opened meanwhile stays open. Raises Forbidden unless `actor` edits the repository, PostingRefused while
    they cannot post: closing is a word in a discussion.
    """
    require_edit(repository, actor)
    if restriction := standing_restriction(actor):
        raise PostingRefused(restriction)
    settle_in(repository)
    # In one order, and nothing else locked before: two of these, and people who post, wait for each other in turn.
    rows = list(closable(repository).select_for_update(no_key=True).order_by("pk"))
    Discussion.objects.filter(pk__in=[row.pk for row in rows]).update(status=Discussion.Status.CLOSED)
    for status, data in ((Discussion.Status.OPEN, {}), (Discussion.Status.DRAFT, CLOSED_DRAFT)):
        if were := [row for row in rows if row.status == status]:
            write_events(were, DiscussionEvent.Kind.CLOSED, actor=actor, data={"all": True, **data})
    return len(rows)


def closable(repository: Repository) -> QuerySet[Discussion]:
    """What `close_all` closes."""
    return Discussion.objects.filter(repository=repository, status__in=STANDING, origin=Discussion.Origin.PERSON)
