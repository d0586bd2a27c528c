from django.db.models import Q, QuerySet, Subquery

from community.models import Comment
from foundation.compiled import Compiled
from moderation.subjects.models import Subject

EVERYTHING = (
    "repository__namespace__user",
    "discussion__author",
    "discussion__repository__namespace__user",
    "comment__author",
    "comment__discussion__repository__namespace__user",
    "user",
    "organization",
)


def subjects() -> QuerySet[Subject]:
    """Subjects with all that their pages show, in one query."""
    return Subject.objects.select_related(*EVERYTHING)


def same_words(subject: Subject) -> QuerySet[Subject]:
    """`subject` and the other one whose words are the same: a discussion and the comment that opens it."""
    about = Q(pk=subject.pk)
    # Values of one row each, not joins: two index look-ups, however many subjects there are.
    if subject.discussion_id:
        opening = Comment.objects.filter(discussion=subject.discussion_id, position=1)
        about |= Q(comment=Subquery(opening.values("pk")[:1]))
    elif subject.comment_id:
        opens = Comment.objects.filter(pk=subject.comment_id, position=1)
        about |= Q(discussion=Subquery(opens.values("discussion")[:1]))
    return Subject.objects.filter(about)


def answered_for(kind: str, key: int) -> Subject:
    """The subject of this kind and key with its name and who answers for it; one query. Raises DoesNotExist."""
    if (found := _ANSWERED_FOR[kind].first(key)) is None:
        raise Subject.DoesNotExist
    return found


def _of_kind(*paths: str) -> Compiled[Subject]:
    return Compiled(lambda key: Subject.objects.select_related(*paths).filter(pk=key))


# Each kind by itself: most tables have nothing to say about it.
_ANSWERED_FOR = {
    "repository": _of_kind("repository__namespace__user"),
    "discussion": _of_kind("discussion__author"),
    "comment": _of_kind("comment__author", "comment__discussion"),
    "user": _of_kind("user"),
    "organization": _of_kind("organization"),
}
