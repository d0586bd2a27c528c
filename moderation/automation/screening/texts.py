"""What a check is given, and what it answers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Max

from accounts.models import User
from classifiers.normalise import Normalised, normalise
from community.models import Comment, CommentVersion, Discussion
from community.rate import is_new
from moderation.automation.models import Finding
from repositories.access import role_in

# What counts as one flood: so many discussions, within so much time.
DISCUSSIONS = 3
WITHIN = timedelta(days=1)
MOST_NAMED = 20
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")


@dataclass(frozen=True)
class Found:
    """Something a check found: how much of it, and our fixed words for the team.

    `words` are lines: sentences stored in English and translated where they are shown, addresses that stay as they are.
    """

    kind: str
    count: int
    words: tuple[str, ...]


class ScreenedText:
    """One version of a comment, with what several checks ask of it."""

    def __init__(self, version: CommentVersion) -> None:
        """`version` comes with its author, comment, discussion, repository and namespace."""
        self.version = version
        self.comment: Comment = version.comment
        self.discussion: Discussion = version.comment.discussion
        self.author: User = version.author
        self.by_newcomer = is_new(version.author, version.created_at)

    @cached_property
    def own_words(self) -> str:
        """The text without the lines that quote somebody."""
        return _QUOTED.sub("", self.version.text)

    @cached_property
    def read(self) -> Normalised:
        """The own words as they read."""
        return normalise(self.own_words)

    @cached_property
    def at_home(self) -> bool:
        """Whether the author answers on the owner side: who maintains ten repositories may say the same in each."""
        return bool(role_in(self.discussion.repository.namespace, self.author))


def reported_before(kind: str, comments: Iterable[int]) -> int:
    """How many discussions a flood had when one of its `comments` was reported last; 0 when none was.

    It is reported again when their number has doubled: a flood must not flood the queue.
    """
    known = Finding.objects.filter(kind=kind, comment__in=comments)
    return known.aggregate(most=Max("count"))["most"] or 0


def addresses(comments: Iterable[int]) -> tuple[str, ...]:
    """Where the comments of these ids stand, newest first, at most twenty: what the team reads instead of the texts."""
    rows = Comment.objects.filter(pk__in=comments).select_related("discussion__repository__namespace")
    return tuple(settings.SITE_URL + one.get_absolute_url() for one in rows.order_by("-created_at", "-pk")[:MOST_NAMED])
