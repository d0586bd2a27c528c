"""Opening discussions, commenting, editing (B1, B5). Each asks community.posting first (F5)."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.actions.repeated import commented_before, once, opened_before
from community.ending import lock
from community.entries import write_comment
from community.mentions import save_mentions
from community.models import Comment, CommentVersion, Discussion
from community.posting import Way, require_may_post
from community.projections import hidden_words, project, restored, written
from foundation import changes, clock
from foundation.errors import Forbidden, Refused
from repositories.models import Repository

LONGEST_COMMENT = 65_536
LONGEST_TITLE = 200


@once
def open_discussion(
    repository: Repository,
    *,
    title: str,
    text: str,
    actor: User,
    origin: str = Discussion.Origin.PERSON,
    request_id: uuid.UUID | None = None,
    way: Way = Way.DISCUSSION,
) -> Discussion:
    """Open the repository's next discussion with `text` as its first comment (B1).

    Numbers have no gaps: the repository's row is locked until the end of the transaction. A `request_id` that is
    repeated with the same words returns the discussion it opened before. Reports and the team are not posting in the
    sense of a restriction (F5).
    Raises what community.posting refuses with.
    """
    # Locked before asking: of two equal requests at the same time, the second finds what the first one opened.
    Repository.objects.select_for_update(no_key=True).values_list("pk").get(pk=repository.pk)
    known, request_id = opened_before(repository, title, text, actor=actor, request_id=request_id, way=way)
    if known is not None:
        return known
    if origin == Discussion.Origin.PERSON:
        require_may_post(actor, repository, way)
    return write_discussion(repository, title=title, text=text, actor=actor, origin=origin, request_id=request_id)


@transaction.atomic
def write_discussion(
    repository: Repository,
    *,
    title: str,
    text: str,
    actor: User,
    origin: str = Discussion.Origin.PERSON,
    request_id: uuid.UUID | None = None,
    quiet: bool = False,
) -> Discussion:
    """Give the repository's next number to a new discussion, asking nobody: for the action above, and for importing."""
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
    write_comment(discussion, author=actor, text=text, at=moment, quiet=quiet)
    return discussion


@once
def add_comment(
    discussion: Discussion,
    *,
    text: str,
    actor: User,
    request_id: uuid.UUID | None = None,
) -> Comment:
    """Comment in an open discussion (B1); a `request_id` repeated with the same words returns the comment it made.

    Raises what community.posting refuses with: locked, closed, a restriction, the owner's choices, the 404 of a
    repository that `actor` does not see.
    """
    row = lock(discussion)
    known, request_id = commented_before(row, text, actor=actor, request_id=request_id)
    if known is not None:
        return known
    require_may_post(actor, row.repository, Way.COMMENT, discussion=row)
    comment = write_comment(row, author=actor, text=text, request_id=request_id)
    if row.origin != Discussion.Origin.PERSON:
        changes.tell("comment.added", comment.pk, actor_id=actor.pk)
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, text: str, actor: User) -> Comment:
    """Give an own comment other words; the words before stay in its versions, for the team (B5).

    `text` is made of what the author may read: quotations that were left out of it are put back.

    The same words change nothing. Raises Forbidden unless `actor` wrote it, Refused while it is hidden, and what
    community.posting refuses with.
    """
    row = lock(comment.discussion)
    require_may_post(actor, row.repository, Way.EDIT, discussion=row)
    kept = Comment.objects.select_for_update().get(pk=comment.pk)
    if kept.author_id != actor.pk:
        raise Forbidden(_("Only who wrote a comment can edit it."))
    if kept.hidden:
        raise Refused(_("This comment is hidden: it cannot be edited."), code="hidden")
    before = written(kept)
    text = restored(text, before, hidden_words(row.pk, before))
    if before != text:
        last = kept.versions.order_by("-number").values_list("number", flat=True)[0]
        moment = clock.now()
        version = CommentVersion.objects.create(
            comment=kept, number=last + 1, text=text, author=actor, created_at=moment
        )
        kept.edited_at = moment
        kept.save(update_fields=["edited_at"])
        project(kept)
        save_mentions(kept, text)
        changes.tell("comment.posted", kept.pk, actor_id=actor.pk)
        changes.tell("text.written", version.pk, actor_id=actor.pk)
    comment.refresh_from_db()
    return comment
