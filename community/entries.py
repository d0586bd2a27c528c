"""Writing into a discussion's timeline: every comment and event takes the next position, under the row's lock (B1).

Nothing here asks who may: the actions above do, and reports, the team's measures and imports are no posting.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.models import User
from community.mentions import save_mentions
from community.models import Comment, CommentVersion, Discussion, DiscussionEvent, Reason
from community.projections import hidden_words, lock, without_quotes, without_replaced_names
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
        text=without_replaced_names(without_quotes(text, hidden_words(row.pk, text))),
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
    at: datetime | None = None,
) -> DiscussionEvent:
    """Add an event to the discussion `row`, which the caller holds locked. `data` holds ids, codes and titles only.

    `at` is when it happened, where that is not now.
    """
    moment = at or clock.now()
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


def write_all(
    said: Sequence[tuple[Discussion, DiscussionEvent.Kind, Comment | None, dict[str, Any]]],
    *,
    actor: User,
    at: datetime,
) -> None:
    """What write_event does, for many in discussions whose rows the caller holds locked; in this order.

    Each is the row, the kind, the comment it is about, and what it holds. Three statements.
    """
    events, rows = [], {}
    for row, kind, comment, data in said:
        row.last_position += 1
        row.active_at = max(row.active_at, at)
        rows[row.pk] = row
        events.append(
            DiscussionEvent(
                discussion=row, position=row.last_position, kind=kind, actor=actor, comment=comment, data=data,
                created_at=at,
            )
        )  # fmt: skip
    if not events:
        return
    Discussion.objects.bulk_update(rows.values(), ["last_position", "active_at"])
    DiscussionEvent.objects.bulk_create(events)
    if not clock.is_importing():
        changes.tell_all("event.posted", [one.pk for one in events], actor_id=actor.pk)


def say_in_all(said: Mapping[int, dict[str, Any]], kind: DiscussionEvent.Kind, text: str, *, actor: User) -> None:
    """An event of this kind and a comment of the same words in many discussions: what note() and a comment would write.

    `said` is by the id of a discussion what its event holds. For words of ours that quote nothing and call nobody.
    Eight statements.
    """
    assert actor.is_system, "people subscribe to what they comment in, and are screened"
    rows = list(Discussion.objects.select_for_update(no_key=True).filter(pk__in=said).order_by("pk"))
    moment = clock.now()
    events, comments = [], []
    for row in rows:
        at = {"discussion": row, "created_at": moment}
        events.append(DiscussionEvent(position=row.last_position + 1, kind=kind, actor=actor, data=said[row.pk], **at))
        comments.append(Comment(position=row.last_position + 2, author=actor, text=text, **at))
        row.last_position, row.comment_count = row.last_position + 2, row.comment_count + 1
        row.active_at = max(row.active_at, moment)
    Discussion.objects.bulk_update(rows, ["last_position", "comment_count", "active_at"])
    DiscussionEvent.objects.bulk_create(events)
    Comment.objects.bulk_create(comments)
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=one, number=1, text=text, author=actor, created_at=moment) for one in comments
    )
    changes.tell_all("event.posted", [one.pk for one in events], actor_id=actor.pk)
    changes.tell_all("comment.posted", [one.pk for one in comments], actor_id=actor.pk)


def note(
    discussion: Discussion, kind: DiscussionEvent.Kind, *, actor: User, data: dict[str, Any] | None = None
) -> DiscussionEvent:
    """The same for a caller who is in a transaction and does not hold the row: rooms above say what they did (E3)."""
    return write_event(lock(discussion), kind, actor=actor, data=data)


def _next(row: Discussion, moment: datetime, comments: int = 0) -> int:
    row.last_position += 1
    row.comment_count += comments
    row.active_at = max(row.active_at, moment)
    row.save(update_fields=["last_position", "comment_count", "active_at"])
    return row.last_position
