from collections.abc import Sequence
from datetime import datetime

from accounts.models import PostingRestriction, User
from foundation.clock import Now


def restrict(
    user: User, *, kind: str, reason: str, starts_at: datetime, ends_at: datetime | None, actor: User
) -> PostingRestriction:
    """Put a posting restriction beside an account (F5). Who may is decided by the rooms above that call this."""
    return PostingRestriction.objects.create(
        user=user, kind=PostingRestriction.Kind(kind), reason=reason, starts_at=starts_at, ends_at=ends_at
    )


def lift(restriction: PostingRestriction, *, actor: User) -> None:
    """End a restriction now; once lifted it stays as it is."""
    PostingRestriction.objects.filter(pk=restriction.pk, lifted_at=None).update(lifted_at=Now())


def lift_all(restrictions: Sequence[PostingRestriction], *, actor: User) -> None:
    """End many restrictions now, in one statement."""
    keys = [one.pk for one in restrictions]
    PostingRestriction.objects.filter(pk__in=keys, lifted_at=None).update(lifted_at=Now())


def change_reason(restriction: PostingRestriction, *, reason: str) -> None:
    """Give a restriction other words for whom it stops."""
    PostingRestriction.objects.filter(pk=restriction.pk).update(reason=reason)


def change_end(restriction: PostingRestriction, *, ends_at: datetime | None, actor: User) -> None:
    """Give a standing restriction another end, or none."""
    PostingRestriction.objects.filter(pk=restriction.pk, lifted_at=None).update(ends_at=ends_at)
