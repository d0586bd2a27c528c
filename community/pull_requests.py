"""Pull requests: changes that a discussion proposes, on commits of their own, until they are merged (B1)."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.posting import require_may_post
from community.actions import open_discussion
from community.models import Discussion, PullRequest
from foundation import changes as told
from foundation import clock
from foundation.errors import Forbidden, Refused
from repositories import git
from repositories.access import require_edit, require_see
from repositories.actions import merge
from repositories.models import Repository


@transaction.atomic
def open_pull_request(
    repository: Repository,
    changes: Sequence[git.Change],
    *,
    title: str,
    text: str,
    actor: User,
    message: str = "",
    parent: str = "",
    draft: bool = False,
    request_id: uuid.UUID | None = None,
) -> Discussion:
    """Open the repository's next discussion with `changes` as a commit on top of `parent` (default: the head) (B1).

    Whoever sees a repository may propose. A pull request without changes is a draft that waits for its first commit.
    Raises PostingRefused, ValidationError for a change that cannot be made, the 404 of a repository that `actor` does
    not see.
    """
    require_see(repository, actor)
    require_may_post(actor)
    base = parent or repository.head
    if base and not git.in_history(repository, base):
        raise Refused(_("There is no such commit in the history of this repository."), code="not_found", status=404)
    head = base
    if changes:
        head = git.write_commit(
            repository, changes, parent=base, author=actor.username, message=message or title, at=clock.now()
        )
    discussion = open_discussion(repository, title=title, text=text, actor=actor, request_id=request_id)
    if discussion.is_pull_request:  # the form was sent twice
        return discussion
    discussion.is_pull_request = True
    if draft or not changes:
        discussion.status = Discussion.Status.DRAFT
    discussion.save(update_fields=["is_pull_request", "status"])
    PullRequest.objects.create(discussion=discussion, base=base, head=head)
    told.tell("head.moved", repository.pk, actor_id=actor.pk)
    return discussion


@transaction.atomic
def commit_to_pull_request(
    discussion: Discussion, changes: Sequence[git.Change], *, actor: User, message: str, parent: str | None = None
) -> str:
    """Commit `changes` on top of what is proposed; returns the commit's id.

    Raises Forbidden unless `actor` opened the pull request or edits the repository, PostingRefused, Refused when it is
    closed or merged or, with `parent`, when somebody committed in between.
    """
    row = _locked(discussion)
    _require_own(row, actor)
    require_may_post(actor)
    _require_standing(row)
    pull_request = row.pull_request
    if parent is not None and parent != pull_request.head:
        raise Refused(_("Somebody changed this pull request after you opened it. Reload and try again."), code="stale")
    pull_request.head = git.write_commit(
        row.repository,
        changes,
        parent=pull_request.head,
        author=actor.username,
        message=message,
        at=clock.now(),
    )
    pull_request.save(update_fields=["head"])
    told.tell("head.moved", row.repository_id, actor_id=actor.pk)
    return pull_request.head


@transaction.atomic
def merge_pull_request(discussion: Discussion, *, actor: User, message: str = "") -> str:
    """Bring what is proposed into main; returns the merge commit's id (B1). Git and database change as one.

    Raises Forbidden unless `actor` edits the repository, PostingRefused, Refused for a draft, for a closed or merged
    one, and when both sides changed the same file.
    """
    # The repository first, as opening a discussion does: two orders of locking would wait for each other.
    Repository.objects.select_for_update().values_list("pk").get(pk=discussion.repository_id)
    row = _locked(discussion)
    require_edit(row.repository, actor)
    require_may_post(actor)
    _require_standing(row)
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
    Discussion.objects.filter(pk=row.pk).update(status=Discussion.Status.MERGED)
    discussion.refresh_from_db()
    return pull_request.merge_commit


@transaction.atomic
def open_draft(discussion: Discussion, *, actor: User) -> None:
    """Say that a draft is ready. Raises Forbidden unless `actor` opened it or edits the repository, PostingRefused."""
    row = _locked(discussion)
    _require_own(row, actor)
    require_may_post(actor)
    if row.status == Discussion.Status.DRAFT:
        Discussion.objects.filter(pk=row.pk).update(status=Discussion.Status.OPEN)


def _locked(discussion: Discussion) -> Discussion:
    rows = Discussion.objects.select_for_update(of=("self",)).select_related("repository__namespace", "pull_request")
    row = rows.filter(pk=discussion.pk, is_pull_request=True).first()
    if row is None:
        raise Refused(_("This is a discussion, not a pull request."), code="not_pull_request")
    return row


def _require_own(row: Discussion, actor: User) -> None:
    if not require_see(row.repository, actor).edit and row.author_id != actor.pk:
        raise Forbidden(_("Only its opener and the owner can change what this pull request proposes."))


def _require_standing(row: Discussion) -> None:
    if row.status in (Discussion.Status.CLOSED, Discussion.Status.MERGED):
        raise Refused(_("This pull request is closed or merged: open a new one."), code="closed")
