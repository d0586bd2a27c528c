"""The verbs of a community tab. Every one that posts asks accounts.posting first (F5)."""

import uuid
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.posting import require_may_post
from community.models import Comment, Discussion
from foundation import changes, clock
from foundation.errors import Forbidden, Refused
from repositories.access import Access, require_see
from repositories.models import Repository

Posted = TypeVar("Posted", Comment, Discussion)
LONGEST_COMMENT = 65_536
LONGEST_TITLE = 200


@transaction.atomic
def open_discussion(
    repository: Repository,
    *,
    title: str,
    text: str,
    actor: User,
    origin: str = Discussion.Origin.PERSON,
    request_id: uuid.UUID | None = None,
) -> Discussion:
    """Open the repository's next discussion with `text` as its first comment (B1).

    Numbers have no gaps: the repository's row is locked until the end of the transaction. A `request_id` that is
    repeated with the same words returns the discussion it opened before. Reports and the team are not posting in the
    sense of a restriction (F5).
    Raises PostingRefused, or the 404 of a repository that `actor` does not see.
    """
    # Locked before asking: of two equal requests at the same time, the second finds what the first one opened.
    Repository.objects.select_for_update().values_list("pk").get(pk=repository.pk)
    if request_id and (known := _sent_before(Discussion.objects.filter(request_id=request_id), actor)):
        first = known.comments.order_by("created_at", "id").values_list("text", flat=True).first()
        if (known.repository_id, known.title, first) == (repository.pk, title, text):
            return known
        request_id = None  # the browser's way back to a form that was sent, and other words in it: nothing is lost
    if origin == Discussion.Origin.PERSON:
        require_see(repository, actor)
        require_may_post(actor)
    Repository.objects.filter(pk=repository.pk).update(last_discussion=F("last_discussion") + 1)
    number = Repository.objects.values_list("last_discussion", flat=True).get(pk=repository.pk)
    moment = clock.now()
    discussion = Discussion.objects.create(
        repository=repository,
        number=number,
        title=title,
        author=actor,
        origin=origin,
        created_at=moment,
        request_id=request_id or uuid.uuid4(),
    )
    Comment.objects.create(discussion=discussion, author=actor, text=text, created_at=moment)
    return discussion


@transaction.atomic
def add_comment(
    discussion: Discussion,
    *,
    text: str,
    actor: User,
    request_id: uuid.UUID | None = None,
) -> Comment:
    """Comment in an open discussion (B1); a `request_id` repeated with the same words returns the comment it made.

    Raises PostingRefused while a restriction stands, Forbidden where the discussion is locked, Refused where it is
    closed, the 404 of a repository that `actor` does not see.
    """
    row = Discussion.objects.select_for_update(of=("self",)).get(pk=discussion.pk)
    if request_id and (known := _sent_before(Comment.objects.filter(request_id=request_id), actor)):
        if (known.discussion_id, known.text) == (row.pk, text):
            return known
        request_id = None  # as above: other words are another comment
    require_see(discussion.repository, actor)
    require_may_post(actor)
    if row.locked and not (actor.is_team or actor.is_system):
        raise Forbidden(_("This discussion is locked: the team ended it."), code="locked")
    # What the team says of its own measure is said where the measure was, whatever became of the discussion (E3).
    if row.status == Discussion.Status.CLOSED and not actor.is_system:
        raise Refused(_("This discussion is closed. Open a new one if something is left to say."), code="closed")
    comment = Comment.objects.create(
        discussion=row,
        author=actor,
        text=text,
        created_at=clock.now(),
        request_id=request_id or uuid.uuid4(),
    )
    if row.origin != Discussion.Origin.PERSON:
        changes.tell("comment.added", comment.pk, actor_id=actor.pk)
    return comment


@transaction.atomic
def set_status(discussion: Discussion, status: str, *, actor: User) -> None:
    """Close or reopen: the opener, whoever edits the repository, and the team; reports and the team's only the team.

    Raises Forbidden for everybody else, PostingRefused while a restriction stands, Refused for what is merged, for
    ever, and for any other status than open and closed.
    """
    if status not in (Discussion.Status.OPEN, Discussion.Status.CLOSED):
        raise Refused(_("Say whether to close or to reopen this discussion."), code="invalid", status=400)
    found = require_see(discussion.repository, actor)
    require_may_post(actor)
    if not may_set_status(discussion, actor, found):
        raise Forbidden(_("Only its opener, the owner and the team can close or reopen this discussion."))
    if not Discussion.objects.filter(pk=discussion.pk).exclude(status=Discussion.Status.MERGED).update(status=status):
        raise Refused(_("This pull request is merged, and stays so."), code="merged")


@transaction.atomic
def set_locked(discussion: Discussion, locked: bool, *, actor: User) -> None:
    """Lock or unlock a discussion (B3). Raises Forbidden unless `actor` is in the team."""
    if not (actor.is_team or actor.is_system):
        raise Forbidden(_("Only the team can lock a discussion."))
    Discussion.objects.filter(pk=discussion.pk).update(locked=locked)


def _sent_before(rows: "QuerySet[Posted]", actor: User) -> "Posted | None":
    """What this request made before. Raises Refused for the id of somebody else's request."""
    known = rows.first()
    if known is not None and known.author_id != actor.pk:
        raise Refused(_("This form was sent before. Reload the page and send your text again."), code="sent_before")
    return known


def may_set_status(discussion: Discussion, actor: User, found: Access) -> bool:
    """Whether `actor`, with this access to the repository, closes and reopens; restrictions on posting aside."""
    if actor.is_team:
        return True
    if discussion.origin != Discussion.Origin.PERSON:
        return False
    return discussion.author_id == actor.pk or found.edit
