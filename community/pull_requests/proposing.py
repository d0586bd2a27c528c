"""Opening a pull request, committing to it, saying that it is ready (B1)."""

import uuid
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.actions import open_discussion, set_status
from community.actions.repeated import opened_before
from community.entries import write_event
from community.models import Discussion, DiscussionEvent, PullRequest
from community.posting import Way, refusal, require_may_post
from community.pull_requests.locking import locked, require_own, require_standing
from foundation import changes as told
from foundation import clock
from foundation.errors import Refused
from repositories import git
from repositories.actions.erasing import is_to_write_again, was_erased
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
    Raises what community.posting refuses with, and ValidationError for a change that cannot be made.
    """
    # Asked before anything is stored in git, and again with the discussion. What was sent before is looked for after
    # that: the request that came first may be the one that used the limit up.
    refused = refusal(actor, repository, Way.PULL_REQUEST)
    known, request_id = opened_before(repository, title, text, actor=actor, request_id=request_id, way=Way.PULL_REQUEST)
    if known is not None:
        return known
    if refused:
        raise refused
    base = parent or repository.head
    if base and not git.in_history(repository, base):
        raise Refused(_("There is no such commit in the history of this repository."), code="not_found", status=404)
    write = partial(
        git.write_commit,
        repository,
        changes,
        parent=base,
        author=actor.username,
        message=message or title,
        at=clock.now(),
    )
    head = write() if changes else base
    discussion = open_discussion(
        repository, title=title, text=text, actor=actor, request_id=request_id, way=Way.PULL_REQUEST
    )
    if discussion.is_pull_request:  # the form was sent twice
        return discussion
    if base and was_erased(repository, base):  # since it was asked; the history goes on without it (C6)
        raise Refused(_("Somebody changed these files meanwhile. Reload the page and try again."), code="stale")
    # What it reuses may have been destroyed since it was written.
    if changes and is_to_write_again(repository, head, base, changes):
        write()
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

    Raises Forbidden unless `actor` opened the pull request or edits the repository, what community.posting refuses
    with, Refused when it is closed or merged or, with `parent`, when somebody committed in between.
    """
    row = locked(discussion)
    require_own(row, actor)
    require_may_post(actor, row.repository, Way.COMMIT, discussion=row)
    require_standing(row)
    require_head(row.pull_request, parent)
    head = git.write_commit(
        row.repository,
        changes,
        parent=row.pull_request.head,
        author=actor.username,
        message=message,
        at=clock.now(),
    )
    move_proposal(row, head, actor=actor, message=message)
    return head


@transaction.atomic
def open_draft(discussion: Discussion, *, actor: User) -> None:
    """Say that a draft is ready. Raises Forbidden unless `actor` opened it or edits the repository, PostingRefused."""
    row = locked(discussion)
    require_own(row, actor)
    if row.status == Discussion.Status.DRAFT:
        set_status(row, Discussion.Status.OPEN, actor=actor)


def require_head(pull_request: PullRequest, parent: str | None) -> None:
    """Raise Refused when what is proposed is no more the commit `parent`; None asks for nothing."""
    if parent is not None and parent != pull_request.head:
        raise Refused(_("Somebody changed this pull request after you opened it. Reload and try again."), code="stale")


def move_proposal(row: Discussion, head: str, *, actor: User, message: str) -> None:
    """Let commit `head`, whose objects are safely stored, be what the locked `row` proposes."""
    row.pull_request.head = head
    row.pull_request.save(update_fields=["head"])
    data = {"oid": head, "subject": message.split("\n", 1)[0][:200]}
    write_event(row, DiscussionEvent.Kind.COMMITTED, actor=actor, data=data)
    told.tell("head.moved", row.repository_id, actor_id=actor.pk)
