"""Searching the discussions of one repository: any part of a title or of a comment, in any case and any script (B1).

Only what everybody may read is searched: the text of a hidden comment, and what quotes it, is not in Comment.text (B2).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from community.models import Comment, Discussion
from repositories.models import Repository

SHORTEST, LONGEST = 2, 100  # characters
# Of an excerpt, before and after what was found.
BEFORE, AFTER = 60, 140


@dataclass(frozen=True)
class Passage:
    """A text that may hold what was searched for: from `start` to before `end`, both None where it does not."""

    text: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Match:
    """Where a discussion says what was searched for: its title, and its first such comment with an excerpt of it."""

    title: Passage
    comment: Comment | None = None
    excerpt: Passage | None = None


def matching(repository: Repository, text: str) -> QuerySet[Discussion, int]:
    """Ids of the discussions of `repository` that have `text` in their title or in a shown comment.

    A union, because an OR over two tables uses neither's index.
    """
    titles = Discussion.objects.filter(repository=repository, title__icontains=text)
    comments = Comment.objects.filter(discussion__repository=repository, text__icontains=text)
    return titles.values_list("pk", flat=True).union(comments.values_list("discussion_id", flat=True))


def matches(rows: Sequence[Discussion], repository: Repository, text: str) -> dict[int, Match]:
    """By id, where each of the discussions `rows` of `repository` has `text`; one query."""
    said = Comment.objects.filter(discussion=OuterRef("pk"), text__icontains=text).order_by("position")
    first = Discussion.objects.filter(pk__in=[row.pk for row in rows]).values(first=Subquery(said.values("pk")[:1]))
    comments = {one.discussion_id: one for one in Comment.objects.filter(pk__in=first)}
    found = {}
    for row in rows:
        comment, title = comments.get(row.pk), passage(row.title, text)
        if comment is None:
            found[row.pk] = Match(title)
            continue
        row.repository, comment.discussion = repository, row
        found[row.pk] = Match(title, comment, excerpt(comment.text, text))
    return found


def passage(text: str, wanted: str) -> Passage:
    """`text` with the place of the first `wanted` in it, in any case."""
    place = re.search(re.escape(wanted), text, re.IGNORECASE)
    return Passage(text, *place.span()) if place else Passage(text)


def excerpt(text: str, wanted: str) -> Passage:
    """What stands around the first `wanted` in `text`, on one line; the beginning where it is not found."""
    place = re.search(re.escape(wanted), text, re.IGNORECASE)
    start, end = place.span() if place else (0, 0)
    first = _whole(text, max(start - BEFORE, 0))
    last = _whole(text, min(end + AFTER, len(text)))
    before, found, after = (_one_line(part) for part in (text[first:start], text[start:end], text[end:last]))
    before = f"{'…' if first else ''}{before}"
    shown = f"{before}{found}{after}{'…' if last < len(text) else ''}"
    return Passage(shown, len(before), len(before) + len(found)) if place else Passage(shown)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _whole(text: str, place: int) -> int:
    """The next place from `place` on that parts no sign from its base: Thai vowels and tones stand on a letter."""
    while place < len(text) and unicodedata.category(text[place]).startswith("M"):
        place += 1
    return place
