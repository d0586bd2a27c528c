"""The versions of a comment, for the team (B5)."""

from dataclasses import dataclass
from itertools import pairwise

from django.http import QueryDict

from community.models import Comment, CommentVersion
from foundation.diff import Line, compare
from foundation.pages import Page, page

# Versions of one page.
PAGE = 20
# Characters of each text that we compare, from so many before the first that differs: the whole texts stand below.
MOST_COMPARED, SHOWN_BEFORE = 4_000, 400


@dataclass(frozen=True)
class ShownVersion:
    """One version, and its changes to the one before it, `cut` where more changed; none for the first."""

    version: CommentVersion
    changes: list[Line]
    cut: bool = False


def versions_page(comment: Comment, query: QueryDict) -> tuple[Page[CommentVersion], list[ShownVersion]]:
    """The page of versions that `query` asks for, the newest first, each with its changes; two queries.

    Raises Refused (400) for a page that is not one of ours.
    """
    versions = comment.versions.select_related("author")
    found = page(versions, query, order=("-number",), size=PAGE)
    rows = list(found.rows)
    if found.next:
        rows += versions.filter(number__lt=rows[-1].number).order_by("-number")[:1]
    shown = [ShownVersion(after, *_changes(before.text, after.text)) for after, before in pairwise(rows)]
    return found, shown if found.next or not rows else [*shown, ShownVersion(rows[-1], [])]


def _changes(before: str, after: str) -> tuple[list[Line], bool]:
    """What changed, and whether that is not all of it."""
    start = _start(before, after)
    old, new = before[start:], after[start:]
    lines = compare(old[:MOST_COMPARED], new[:MOST_COMPARED])
    if start and lines and lines[0].kind != "gap":
        lines.insert(0, Line("gap"))
    return lines, max(len(old), len(new)) > MOST_COMPARED


def _start(before: str, after: str) -> int:
    """Where to begin, a little before the first character that differs; with a line where one begins there."""
    pairs = zip(before, after, strict=False)
    shorter = min(len(before), len(after))
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), shorter)
    edge = same - SHOWN_BEFORE
    return (before.find("\n", edge, same) + 1 or edge) if edge > 0 else 0
