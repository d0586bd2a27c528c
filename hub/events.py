"""The timeline of a discussion in the words of the protocol: comments and events in one order (B1, B5).

A comment shows what everybody may read, its latest words. Of those before it says when they were written; of a hidden
one nothing but that it is hidden (B2).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from typing import Any

from django.db.models import QuerySet

from community.models import Comment, CommentVersion, Discussion, DiscussionEvent
from community.queries import comments_of, events_of
from community.timeline import Entry
from hub.rendering import rendered
from hub.shapes import moment

Kind = DiscussionEvent.Kind
# The client reads a comment's words in any case.
HIDDEN = "This comment has been hidden"
# The status that a discussion has since an event.
STATUS = {Kind.CLOSED: "closed", Kind.REOPENED: "open", Kind.OPENED: "open", Kind.MERGED: "merged"}
# Types that the client has a class for; it takes any other as an event that says who and when.
_TYPES = {
    Kind.RENAMED: "title-change",
    Kind.COMMITTED: "commit",
    **dict.fromkeys(STATUS, "status-change"),
}


def timeline(row: Discussion) -> list[dict[str, Any]]:
    """All comments and events of `row`, oldest first; three queries, however many there are."""
    comments, events = comments_of(row), events_of(row)
    earlier = earlier_versions(comments)
    entries: Iterator[Entry] = merge(comments, events, key=lambda entry: entry.position)
    return [
        describe_comment(entry, earlier.get(entry.pk, ())) if isinstance(entry, Comment) else describe_event(entry)
        for entry in entries
    ]


def earlier_versions(comments: QuerySet[Comment]) -> dict[int, list[datetime]]:
    """When the words that no longer hold were written, by the comment's key; of hidden ones nothing. One query."""
    edited = comments.filter(hidden=False, edited_at__isnull=False).order_by()
    versions = CommentVersion.objects.filter(comment__in=edited).order_by("comment", "number")
    written: dict[int, list[datetime]] = defaultdict(list)
    for comment, at in versions.values_list("comment", "created_at"):
        written[comment].append(at)
    return {comment: times[:-1] for comment, times in written.items()}


def describe_comment(row: Comment, earlier: Sequence[datetime] = ()) -> dict[str, Any]:
    """A comment as an event, with when its earlier versions were written; needs its author."""
    author = {"name": row.author.username}
    raw, html = (HIDDEN, HIDDEN) if row.hidden else (row.text, rendered(row.text))
    latest = {"raw": raw, "html": html, "updatedAt": moment(row.edited_at or row.created_at), "author": author}
    history = [{"updatedAt": moment(at), "author": author} for at in earlier]
    edited = row.edited_at is not None
    data = {"edited": edited, "hidden": row.hidden, "latest": latest, "history": [] if row.hidden else history}
    return _event(row.public_id.hex, "comment", row.created_at, row.author.username, data)


def describe_event(row: DiscussionEvent) -> dict[str, Any]:
    """An event of a discussion; needs its actor and the comment it is about."""
    kind = Kind(row.kind)
    data = row.shown_data
    if kind in STATUS:
        data["status"] = STATUS[kind]
    if kind == Kind.RENAMED:  # the client wants both, also of titles that were left out
        data = {"from": "", "to": "", **data}
    if row.comment is not None:
        data["comment"] = row.comment.public_id.hex
    kind_of_event = _TYPES.get(kind, kind.replace("_", "-"))
    return _event(row.public_id.hex, kind_of_event, row.created_at, row.actor.username, data)


def latest_change(row: Discussion, kinds: Sequence[Kind], unchanged: Mapping[str, Any]) -> dict[str, Any]:
    """The newest event of these kinds, all of one type; where there is none, what holds since it was opened."""
    event = events_of(row).filter(kind__in=kinds).last()
    if event is not None:
        return describe_event(event)
    return _event(row.public_id.hex, _TYPES[kinds[0]], row.created_at, row.author.username, unchanged)


def _event(key: str, kind: str, at: datetime, author: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": key, "type": kind, "createdAt": moment(at), "author": {"name": author}, "data": data}
