"""Other comments of the same author, which a reporter may add to the one that the form is about (C1, C4).

Those in the same discussion come first, then those elsewhere: in whatever the reporter may read, and nothing else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, SmallIntegerField, Value
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Comment
from community.queries import comments_seen_by
from community.searching import LONGEST, SHORTEST
from foundation.pages import page
from moderation.reports.models import Report
from moderation.subjects.lookup import Target

MOST_OTHERS = 20
A_PAGE = 20
# Of those that a form names we look for so many at most: enough to show what was chosen beyond the limit.
MOST_NAMED = 100
TOO_MANY = _(
    "You chose %(number)s other comments; up to %(most)s can be reported in one go. If there are many more, report "
    "the person: we see all that they wrote."
)
ORDER = ("-here", "-created_at", "-id")


@dataclass
class Others:
    """What a form offers: comments that were `chosen`, a page of those `found`, and what was looked for.

    `next` is the place where the following page begins, "" on the last one; `later` says that it is not the first.
    """

    chosen: Sequence[Comment] = ()
    found: Sequence[Comment] = ()
    words: str = ""
    next: str = ""
    later: bool = False

    def __bool__(self) -> bool:
        return bool(self.chosen or self.found or self.words or self.later)


def wanted_words(text: str) -> str:
    """What is looked for when somebody writes `text`; "" for less than two characters."""
    words = text.replace("\x00", "").strip()[:LONGEST]
    return words if len(words) >= SHORTEST else ""


def other_comments(target: Target, reporter: User | None, *, words: str = "") -> QuerySet[Comment]:
    """Other comments of the same author that `reporter` (None: a guest) may read, with `words` in them.

    Without those that `reporter` reported and that are still open. Nothing for what is no comment.
    """
    if not isinstance(target, Comment) or target.author.is_system:
        return Comment.objects.none()
    rows = _theirs(target, reporter).filter(hidden=False).exclude(text="")
    if reporter is not None:
        mine = Report.objects.filter(reporter=reporter, state=Report.State.OPEN, subject__comment__isnull=False)
        rows = rows.exclude(pk__in=mine.values("subject__comment"))
    return rows.filter(text__icontains=words) if words else rows


def offered(
    target: Target, reporter: User | None, *, chosen: Collection[Comment] = (), words: str = "", after: str = ""
) -> Others:
    """A page of them besides those `chosen`; one query, none for what is no comment.

    Raises Refused (400) for an `after` that is not one of ours.
    """
    if not isinstance(target, Comment):
        return Others()
    rows = other_comments(target, reporter, words=words).exclude(pk__in=[one.pk for one in chosen])
    parts = [
        part.annotate(here=Value(here, SmallIntegerField()))
        for part, here in (
            (rows.filter(discussion=target.discussion_id), 1),
            (rows.exclude(discussion=target.discussion_id), 0),
        )
    ]
    query = QueryDict(mutable=True)
    if after:
        query["after"] = after
    # Two walks of indexes in one statement: few comments here must not cost a look at all that somebody ever wrote.
    found = page(parts[0], query, order=ORDER, size=A_PAGE, also=parts[1:])
    return Others(list(chosen), found.rows, words, QueryDict(found.next).get("after", "") or "", bool(after))


def picked_comments(target: Target, ids: Iterable[str], reporter: User | None) -> list[Comment]:
    """Those of `ids` that are other comments of the same author in what `reporter` may read.

    Reported before or hidden meanwhile too: a form sent twice is the same form.
    """
    if not isinstance(target, Comment) or target.author.is_system:
        return []
    keys = [key for one in list(ids)[:MOST_NAMED] if (key := _uuid(one))]
    return list(_theirs(target, reporter).filter(public_id__in=keys).order_by("-created_at", "-pk")) if keys else []


def _theirs(target: Comment, reporter: User | None) -> QuerySet[Comment]:
    return comments_seen_by(reporter).filter(author=target.author_id).exclude(pk=target.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
