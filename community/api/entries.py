"""Comments and events in their shapes, at a cost that does not grow with their number."""

from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request

from accounts.authentication import SignedIn
from community.api.shapes import CommentOutput, TimelineEventOutput
from community.models import Comment, Discussion, Hiding
from community.queries import Sides, sides
from community.reactions import reactions_of
from community.timeline import Entry
from repositories.access import role_in


def shown(entries: Sequence[Entry], discussion: Discussion, request: Request) -> list[dict[str, Any]]:
    """The entries of one discussion as `request` gets them; at most four queries.

    Needs the authors, and of `discussion` the repository with its namespace.
    """
    comments = [entry for entry in entries if isinstance(entry, Comment)]
    for comment in comments:
        comment.discussion = discussion  # the same for all, with all that their addresses need
    context = {
        "request": request,
        "sides": sides(discussion.repository, {comment.author_id for comment in comments}),
        "hidings": _hidings(comments),
        "reactions": reactions_of([comment for comment in comments if not comment.hidden], request.user),
    }
    events: Any = TimelineEventOutput([entry for entry in entries if not isinstance(entry, Comment)], many=True)
    # Two serializers for all of them: making one costs more than it writes for a row.
    rows = [*CommentOutput(comments, many=True, context=context).data, *events.data]
    return sorted(rows, key=lambda row: row["position"])


def shown_new(comment: Comment, request: SignedIn) -> dict[str, Any]:
    """A comment that whoever asks just wrote: nothing can be attached to it yet."""
    person = {comment.author_id}
    own = Sides(
        owner=frozenset(person if role_in(comment.discussion.repository.namespace, request.user) else ()),
        team=frozenset(person if request.user.is_team else ()),
    )
    context = {"request": request, "sides": own, "hidings": {}, "reactions": {}}
    return dict(CommentOutput(comment, context=context).data)


def shown_comment(comment: Comment, request: Request) -> dict[str, Any]:
    """One comment; needs its author, and its discussion with repository and namespace."""
    return shown([comment], comment.discussion, request)[0]


def _hidings(comments: Sequence[Comment]) -> dict[int, str]:
    """By comment the category under which it is hidden: of several sides the team's, the owner's, a hold's."""
    hidden = [comment.pk for comment in comments if comment.hidden]
    if not hidden:
        return {}
    rows = Hiding.objects.filter(comment__in=hidden, lifted_at=None).order_by("side")  # the last one wins
    return dict(rows.values_list("comment", "category"))
