"""Writing into a discussion's timeline: every comment and event takes the next position, under the row's lock (B1).

Nothing here asks who may: the actions above do, and reports, the team's measures and imports are no posting.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.models import User
from community.mentions import save_mentions
from community.models import Comment, CommentVersion, Discussion, DiscussionEvent, Reason
from community.projections import hidden_words, lock, without_quotes
from community.subscribing import subscribe
from foundation import changes, clock


def write_comment(
    row: Discussion,
    *,
    author: User,
    text: str,
    at: datetime | None = None,
    request_id: uuid.UUID | None = None,
    quiet: bool = False,
) -> Comment:
    """Add a comment to the discussion `row`, which the caller holds locked (see `lock`).

    `quiet` is for importing: it tells nobody, and nothing is screened.
    """
    moment = at or clock.now()
    comment = Comment.objects.create(
        discussion=row,
        author=author,
        position=_next(row, moment, comments=1),
        text=without_quotes(text, hidden_words(row.pk, text)),
        created_at=moment,
        request_id=request_id or uuid.uuid4(),
    )
    version = CommentVersion.objects.create(comment=comment, number=1, text=text, author=author, created_at=moment)
    save_mentions(comment, text)
    subscribe(author, row, Reason.OPENED if comment.position == 1 else Reason.COMMENTED)
    if not (quiet or clock.is_importing()):
        changes.tell("comment.posted", comment.pk, actor_id=author.pk)
        if not author.is_system:
            changes.tell("text.written", version.pk, actor_id=author.pk)
    return comment


def write_event(
    row: Discussion,
    kind: DiscussionEvent.Kind,
    *,
    actor: User,
    comment: Comment | None = None,
    data: dict[str, Any] | None = None,
    quiet: bool = False,
) -> DiscussionEvent:
    """Add an event to the discussion `row`, which the caller holds locked. `data` holds ids, codes and titles only."""
    moment = clock.now()
    event = DiscussionEvent.objects.create(
        discussion=row,
        position=_next(row, moment),
        kind=kind,
        actor=actor,
        comment=comment,
        data=data or {},
        created_at=moment,
    )
    if not (quiet or clock.is_importing()):
        changes.tell("event.posted", event.pk, actor_id=actor.pk)
    return event


def write_events(rows: Sequence[Discussion], kind: DiscussionEvent.Kind, *, actor: User, data: dict[str, Any]) -> None:
    """Add the same event to each of many discussions, which the caller holds locked; tells nobody. Three queries."""
    moment = clock.now()
    held = Discussion.objects.filter(pk__in=[row.pk for row in rows])
    held.update(last_position=F("last_position") + 1, active_at=moment)
    DiscussionEvent.objects.bulk_create(
        [
            DiscussionEvent(
                discussion=row, position=row.last_position + 1, kind=kind, actor=actor, data=data, created_at=moment
            )
            for row in rows
        ],
        batch_size=1000,
    )


def note(
    discussion: Discussion, kind: DiscussionEvent.Kind, *, actor: User, data: dict[str, Any] | None = None
) -> DiscussionEvent:
    """The same for a caller who is in a transaction and does not hold the row: rooms above say what they did (E3)."""
    return write_event(lock(discussion), kind, actor=actor, data=data)


def _next(row: Discussion, moment: datetime, comments: int = 0) -> int:
    row.last_position += 1
    row.comment_count += comments
    row.active_at = moment
    row.save(update_fields=["last_position", "comment_count", "active_at"])
    return row.last_position
