"""Who watches and who mutes; what a person chose is never overwritten by what they do later."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Discussion, Reason, Subscription
from foundation import clock
from foundation.errors import Refused
from repositories.access import require_see
from repositories.models import Repository

Level = Subscription.Level
# What a person chooses to have no subscription: they hear what everybody hears who is called, or takes part again.
NONE = "none"


def subscribe(user: User, discussion: Discussion, reason: Reason) -> None:
    """Let `user` hear of a discussion they take part in, unless they chose something for it already."""
    if not user.is_system:
        subscribe_all([user.pk], discussion, reason)


def subscribe_all(people: Iterable[int], discussion: Discussion, reason: Reason) -> None:
    """The same for several people, by their ids; one statement."""
    rows = [
        Subscription(
            user_id=one,
            repository_id=discussion.repository_id,
            discussion=discussion,
            level=Level.WATCH,
            reason=reason,
        )
        for one in sorted(people)
    ]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def choose_level(
    repository: Repository, level: str, *, discussion: Discussion | None = None, actor: User
) -> Subscription | None:
    """Let `actor` watch or mute `discussion`, or without one the whole community tab; NONE takes the choice back.

    It says nothing to anybody else, so no restriction on posting holds it up; the team steps out of a discussion this
    way (B3). Returns what stands then. Raises Refused for another level (400) and what one does not see (404).
    """
    if level not in (NONE, *Level.values):
        raise Refused(_("Choose to watch, to mute, or neither."), code="invalid", status=400)
    require_see(repository, actor)
    mine: dict[str, Any] = {"user": actor, "repository": repository, "discussion": discussion}
    if level == NONE:
        Subscription.objects.filter(**mine).delete()
        return None
    chosen = {"level": level, "reason": Reason.CHOSEN, "created_at": clock.now()}
    return Subscription.objects.update_or_create(**mine, defaults=chosen)[0]


@transaction.atomic
def end_subscription(key: int, *, actor: User) -> None:
    """Take back one that `actor` has, whatever they see of it now; one of somebody else is left as it is."""
    Subscription.objects.filter(pk=key, user=actor).delete()


def subscription_of(user: User, discussion: Discussion) -> Subscription | None:
    """What decides whether `user` hears of `discussion`: the muted repository, else what stands for the discussion."""
    muted = Q(discussion=None, level=Level.MUTE)
    rows = Subscription.objects.filter(Q(discussion=discussion) | muted, user=user, repository=discussion.repository_id)
    return min(rows, key=lambda row: row.discussion_id is not None, default=None)


def repository_subscription_of(user: User, repository: Repository) -> Subscription | None:
    """What `user` chose for everything in the community tab of `repository`."""
    return Subscription.objects.filter(user=user, repository=repository, discussion=None).first()


def mutes(*, user: Any, discussion: Any, repository: Any) -> Exists:
    """Whether a person muted the discussion or its whole repository: that beats everything, mentions included.

    Each is an object, its id, or an OuterRef.
    """
    here = Q(discussion=discussion) | Q(discussion=None)
    return Exists(Subscription.objects.filter(here, user=user, repository=repository, level=Level.MUTE))


def watchers_of(discussion: Discussion) -> QuerySet[Subscription]:
    """Who watches the discussion, or everything in its repository."""
    here = Q(discussion=discussion) | Q(discussion=None)
    return Subscription.objects.filter(here, repository=discussion.repository_id, level=Level.WATCH)
