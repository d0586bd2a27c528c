"""Bringing a pull request up to main (B1)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Discussion
from community.posting import Way, require_may_post
from community.pull_requests.locking import locked, require_own, require_standing
from community.pull_requests.proposing import move_proposal, require_head
from foundation import clock
from foundation.errors import Refused
from repositories import git
from repositories.access import Access
from repositories.actions.merging import conflict
from repositories.projections import CARD


@transaction.atomic
def update_from_main(
    discussion: Discussion,
    *,
    actor: User,
    resolved: Sequence[git.Put] = (),
    message: str = "",
    parent: str | None = None,
    main: str | None = None,
) -> str:
    """Bring main, as it is now, into what is proposed by a commit of two parents; returns its id.

    `resolved` are files that somebody brought together by hand with commit `main`: they stand as they are. Raises what
    commit_to_pull_request raises, also when main is no more that commit, Refused where main holds nothing new, and
    with the files in conflict besides, to whoever may know their names.
    """
    row = locked(discussion)
    require_own(row, actor)
    found = require_may_post(actor, row.repository, Way.COMMIT, discussion=row)
    require_standing(row)
    repository, pull_request = row.repository, row.pull_request
    require_head(pull_request, parent)
    if main is not None and main != repository.head:
        raise Refused(_("Main changed after you opened this page. Reload and try again."), code="stale")
    if pull_request.head == pull_request.base:
        raise Refused(_("This pull request changes nothing yet."), code="empty")
    if git.in_history(repository, repository.head, pull_request.head):
        raise Refused(_("Main holds nothing that this pull request does not have already."), code="up_to_date")
    paths = {put.path for put in resolved}
    conflicts = git.try_merge(repository, pull_request.head, repository.head).conflicts
    if left := [path for path in conflicts if path not in paths]:
        raise _in_conflict(left, found)
    message = message or f"Update from main (#{row.number})"
    head = git.write_merge(
        repository,
        pull_request.head,
        repository.head,
        author=actor.username,
        message=message,
        at=clock.now(),
        resolved=resolved,
    )
    move_proposal(row, head, actor=actor, message=message)
    return head


def _in_conflict(paths: Sequence[str], found: Access) -> Refused:
    """Of files that are closed to the actor only the card may be named (A2)."""
    if found.files or all(path == CARD for path in paths):
        return conflict(paths)
    return Refused(_("Both sides changed the same files. Bring them together in a new pull request."), code="conflict")
