"""What the law asks us to keep: while a legal hold stands, nothing about its subject is destroyed (M2).

Nor of what has the same words: who holds a discussion holds what opens it, and the other way round.
"""

from django.db.models import QuerySet

from moderation.subjects.models import LegalHold, Subject
from moderation.subjects.queries import same_words


def standing() -> QuerySet[LegalHold]:
    """Legal holds that were not lifted."""
    return LegalHold.objects.filter(lifted_at=None)


def held_subjects() -> QuerySet[LegalHold, int]:
    """Ids of the subjects about which nothing is destroyed now."""
    # Only twins that have a row: NULL among the ids would make every subject one of them.
    of_openings = standing().filter(
        subject__comment__position=1,
        subject__comment__discussion__subject__isnull=False,
    )
    of_discussions = standing().filter(
        subject__discussion__comments__position=1,
        subject__discussion__comments__subject__isnull=False,
    )
    return (
        standing()
        .values_list("subject", flat=True)
        .union(
            of_openings.values_list("subject__comment__discussion__subject", flat=True),
            of_discussions.values_list("subject__discussion__comments__subject", flat=True),
        )
    )


def is_held(subject: Subject) -> bool:
    """Whether the law keeps what is about `subject` now; one query."""
    return standing().filter(subject__in=same_words(subject)).exists()
