"""What a person hears of in discussions: the notifications they may read, how many are unread, marking them as read."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import unread_messages
from community.ending import settle_all
from community.excerpts import READ
from community.models import Discussion, Notification, Subscription
from community.subscribing import mutes
from foundation.clock import Now
from foundation.compiled import Compiled
from foundation.errors import Refused
from repositories.access import own_side, seen_by
from repositories.models import Repository, long_columns

MOST_COUNTED = 99


@dataclass(frozen=True)
class Unread:
    """How much a person has not read, each counted up to MOST_COUNTED."""

    messages: int
    discussions: int

    @property
    def total(self) -> int:
        return min(self.messages + self.discussions, MOST_COUNTED)


def readable(user: User) -> Q:
    """What `user` may read now, as a condition on what has a `discussion`: notifications, subscriptions (A2).

    A discussion in a repository that one does not see any more is left out, and so are people's discussions in a tab
    that its owner turned off, but for the owner side and the team.
    """
    seen = Q(discussion__repository__in=Repository.objects.filter(seen_by(user)))
    if user.is_team:
        return seen
    tab_is_off = Q(discussion__repository__tab_settings__on=False, discussion__origin=Discussion.Origin.PERSON)
    return seen & (~tab_is_off | Q(discussion__repository__namespace__in=own_side(user)))


def notifications_of(user: User) -> QuerySet[Notification]:
    """Those in the inbox of `user`."""
    return Notification.objects.filter(readable(user), recipient=user)


def unmuted(rows: QuerySet[Notification], user: User) -> QuerySet[Notification]:
    """Those of `rows` in whose discussion and repository `user` mutes nothing now."""
    here = {"discussion": OuterRef("discussion"), "repository": OuterRef("discussion__repository")}
    return rows.filter(~mutes(user=user, **here))


def with_contents(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """With everything that is shown of them; of a comment only what everybody may read (B2): see `Heard`.

    What ended in any discussion is lifted before: one query.
    """
    settle_all()
    long = long_columns("discussion__repository")
    rows = rows.select_related("discussion__repository__namespace", "comment__author", "event__actor", "event__comment")
    return rows.defer("comment__text", *long).annotate(words=Left("comment__text", READ))


def unread(user: User) -> Unread:
    """How much `user` has not read, for the header of every page; one query, compiled once for the team and others."""
    found = _found_unread(user.is_team)(user.pk)
    return Unread(found.count("messages"), found.count("discussions"))


@cache
def _found_unread(is_team: bool) -> Compiled[str]:
    def rows(key: int) -> QuerySet[Any, str]:
        user = User(pk=key)
        user.is_team = is_team
        messages = unread_messages(user).annotate(found_in=Value("messages"))
        discussions = notifications_of(user).filter(read_at=None).annotate(found_in=Value("discussions"))
        parts = [part.order_by().values_list("found_in", flat=True)[:MOST_COUNTED] for part in (messages, discussions)]
        return parts[0].union(parts[1], all=True)

    return Compiled(rows)


def mark_discussion_read(user: User, discussion: Discussion) -> None:
    """Note that `user` opened `discussion`; one statement."""
    Notification.objects.filter(recipient=user, discussion=discussion, read_at=None).update(read_at=Now())


def mark_one_read(public_id: UUID, *, actor: User) -> None:
    """Note that `actor` is done with one. Raises the same 404 for one that is missing and one of somebody else."""
    mine = Notification.objects.filter(public_id=public_id, recipient=actor)
    if not mine.filter(read_at=None).update(read_at=Now()) and not mine.exists():
        raise Refused(_("There is no such notification in your inbox."), code="not_found", status=404)


def mark_everything_read(*, actor: User) -> int:
    """Note that `actor` is done with all of them; returns how many were unread."""
    return Notification.objects.filter(recipient=actor, read_at=None).update(read_at=Now())


def subscriptions_of(user: User) -> QuerySet[Subscription]:
    """What `user` watches and mutes, as far as they see it now."""
    seen = Q(repository__in=Repository.objects.filter(seen_by(user)))
    here = Q(discussion=None) | readable(user)
    rows = Subscription.objects.filter(seen & here, user=user)
    return rows.select_related("repository__namespace", "discussion").defer(*long_columns("repository"))
