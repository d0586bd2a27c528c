"""Merging a pull request (B1)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.entries import write_event
from community.models import Discussion, DiscussionEvent
from community.posting import Way, require_may_post
from community.pull_requests.locking import locked, require_standing
from foundation import clock
from foundation.errors import Refused
from repositories.access import require_edit
from repositories.actions import merge
from repositories.models import Repository


@transaction.atomic
def merge_pull_request(discussion: Discussion, *, actor: User, message: str = "") -> str:
    """Bring what is proposed into main; returns the merge commit's id (B1). Git and database change as one.

    Raises Forbidden unless `actor` edits the repository, PostingRefused, Refused for a draft, for a closed or merged
    one, and when both sides changed the same file.
    """
    # The repository first, as opening a discussion does: two orders of locking would wait for each other.
    Repository.objects.select_for_update(no_key=True).values_list("pk").get(pk=discussion.repository_id)
    row = locked(discussion)
    require_edit(row.repository, actor)
    require_may_post(actor, row.repository, Way.MERGE, discussion=row)
    require_standing(row)
    if row.status == Discussion.Status.DRAFT:
        raise Refused(_("This pull request is a draft. Open it before you merge it."), code="draft")
    pull_request = row.pull_request
    if pull_request.head == pull_request.base:
        raise Refused(_("This pull request changes nothing yet."), code="empty")
    words = message or f"{row.title} (#{row.number})"
    pull_request.merge_commit = merge(
        row.repository, pull_request.head, actor=actor, message=words, pull_request=row.number
    )
    pull_request.merged_by, pull_request.merged_at = actor, clock.now()
    pull_request.save(update_fields=["merge_commit", "merged_by", "merged_at"])
    row.status = Discussion.Status.MERGED
    row.save(update_fields=["status"])
    write_event(row, DiscussionEvent.Kind.MERGED, actor=actor, data={"oid": pull_request.merge_commit})
    discussion.refresh_from_db()
    return pull_request.merge_commit
