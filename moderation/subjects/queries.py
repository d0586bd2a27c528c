from django.db.models import QuerySet

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


@Compiled
def whole_subject(key: int) -> QuerySet[Subject]:
    """The subject of this key with all of that."""
    return subjects().filter(pk=key)
