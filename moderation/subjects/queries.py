from django.db.models import Q, QuerySet, Subquery

from community.models import Comment
from foundation.compiled import Compiled, Part
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


def answering_part(kind: str, key: int) -> Part[Subject]:
    """The same as a part of a larger statement."""
    return _ANSWERED_FOR[kind].part(key)


# The id of the person who answers for it, as Subject.author says it; its %s is the key of the subject.
AUTHOR_OF = {
    "repository": """SELECT holder.user_id FROM subjects_subject about
        JOIN repositories_repository home ON home.id = about.repository_id
        JOIN accounts_namespace holder ON holder.id = home.namespace_id WHERE about.id = %s""",
    "discussion": """SELECT place.author_id FROM subjects_subject about
        JOIN community_discussion place ON place.id = about.discussion_id WHERE about.id = %s""",
    "comment": """SELECT written.author_id FROM subjects_subject about
        JOIN community_comment written ON written.id = about.comment_id WHERE about.id = %s""",
    "user": "SELECT about.user_id FROM subjects_subject about WHERE about.id = %s",
    "organization": "NULL",
}


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
