"""The versions of a comment, for the team (B5)."""

from dataclasses import dataclass
from itertools import pairwise

from community.models import Comment, CommentVersion
from foundation.diff import Line, compare


@dataclass(frozen=True)
class ShownVersion:
    """One version, and its changes to the one before it; none for the first."""

    version: CommentVersion
    changes: list[Line]


def versions_of(comment: Comment) -> list[ShownVersion]:
    """Every version, the newest first; one query."""
    rows = list(comment.versions.select_related("author").order_by("number"))
    changed = [ShownVersion(after, compare(before.text, after.text)) for before, after in pairwise(rows)]
    return [*reversed(changed), ShownVersion(rows[0], [])]
