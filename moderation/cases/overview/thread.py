"""The conversation around a comment: words are weighed by what they answer."""

from django.db.models import QuerySet

from community.models import Comment
from community.projections import unheld_text
from moderation.subjects.models import Subject

AROUND = 3


def thread_of(subject: Subject) -> list[Comment]:
    """Up to three comments before and after a comment, or the first answers in a discussion; at most two queries."""
    if subject.discussion_id:
        return list(_comments(subject.discussion_id).order_by("position")[1 : 1 + 2 * AROUND])
    comment = subject.comment
    if comment is None:
        return []
    rows = _comments(comment.discussion_id)
    before = rows.filter(position__lte=comment.position).order_by("-position")
    after = rows.filter(position__gt=comment.position).order_by("position")
    return [*reversed(before[: AROUND + 1]), *after[:AROUND]]


def _comments(discussion_id: int) -> QuerySet[Comment]:
    """With `written`, the words of each: the team reads what is hidden too."""
    return Comment.objects.filter(discussion=discussion_id).select_related("author").annotate(written=unheld_text())
