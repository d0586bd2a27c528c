"""A discussion's timeline: its comments and events in one order, by pages (B1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import merge
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from community.models import Comment, Discussion, DiscussionEvent
from community.queries import comments_of, events_of
from foundation.errors import Refused

SIZE = 100
Entry = Comment | DiscussionEvent


@dataclass(frozen=True)
class Timeline:
    """One page of a timeline, oldest first, and the query strings of the next and the previous ("" where none is)."""

    entries: list[Entry]
    next: str
    previous: str

    @property
    def comments(self) -> list[Comment]:
        return [entry for entry in self.entries if isinstance(entry, Comment)]

    @property
    def start(self) -> int:
        """Position of the first entry; 0 on an empty page."""
        return self.entries[0].position if self.entries else 0

    @property
    def end(self) -> int:
        return self.entries[-1].position if self.entries else 0


def timeline(discussion: Discussion, query: QueryDict, *, size: int = SIZE) -> Timeline:
    """The page that `query` asks for: `from`, a position, or `comment`, the id of the comment it should hold.

    Pages begin at positions 1, 101, 201 …, so that a comment keeps its page. Two queries, one more to find a comment.
    Raises Refused (400) for a place that is none.
    """
    start = _start(discussion, query, size)
    span = {"position__gte": start, "position__lt": start + size}
    comments, events = comments_of(discussion).filter(**span), events_of(discussion).filter(**span)
    rows: list[Iterable[Entry]] = [comments, events]
    entries = list(merge(*rows, key=lambda entry: entry.position))
    following = f"from={start + size}" if discussion.last_position >= start + size else ""
    return Timeline(entries, following, f"from={start - size}" if start > 1 else "")


def _start(discussion: Discussion, query: QueryDict, size: int) -> int:
    if (comment := _uuid(query.get("comment", ""))) is not None:
        position = discussion.comments.filter(public_id=comment).values_list("position", flat=True).first() or 1
        return (position - 1) // size * size + 1
    text = query.get("from", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(_("This page of the discussion does not exist. Start at the first one."), status=400)
    return (max(int(text), 1) - 1) // size * size + 1


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
