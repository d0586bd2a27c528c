"""The conversation around a comment: words are weighed by what they answer."""

from django.db.models import Q

from community.models import Comment
from moderation.subjects.models import Subject

AROUND = 3


def thread_of(subject: Subject) -> list[Comment]:
    """Up to three comments before and after a comment, or the first answers in a discussion; at most two queries."""
    if subject.discussion_id:
        rows = Comment.objects.filter(discussion=subject.discussion_id).select_related("author")
        return list(rows.order_by("created_at", "id")[1 : 1 + 2 * AROUND])
    comment = subject.comment
    if comment is None:
        return []
    rows = Comment.objects.filter(discussion=comment.discussion_id).select_related("author")
    at = comment.created_at
    before = rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=comment.pk)).order_by("-created_at", "-id")
    after = rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=comment.pk)).order_by("created_at", "id")
    return [*reversed(before[:AROUND]), comment, *after[:AROUND]]
