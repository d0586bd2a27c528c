"""How much one person posts in a short time: the last row of the table in community.posting (F5).

Counted from what was posted, not from requests: it holds for every way in, and for all processes together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Comment, CommentVersion, DiscussionEvent, Hiding, Reaction
from foundation import clock
from foundation.asking import ask
from foundation.compiled import Compiled
from foundation.errors import RateLimited

WINDOW, NEW_WINDOW = timedelta(minutes=10), timedelta(hours=1)
# The events that are posts. An owner who hides, locks, pins or closes everything keeps order, and is not slowed down.
_Event = DiscussionEvent.Kind
POSTS = (_Event.RENAMED, _Event.CLOSED, _Event.REOPENED, _Event.OPENED, _Event.COMMITTED, _Event.MERGED)
# Of these, only what authors do with their own words.
OWN_HIDING = (_Event.HIDDEN, _Event.UNHIDDEN)
# The room of advisory locks on people's posts; the second number is the person.
_LOCKS = 20_401


@dataclass(frozen=True)
class Rate:
    """How much somebody posted: `refused` when it is too much, `last` when the next post uses a new account's limit."""

    refused: RateLimited | None = None
    last: bool = False


def is_new(actor: User, now: datetime) -> bool:
    """Whether the limits of new accounts hold for `actor`."""
    return bool(actor.date_joined > now - timedelta(days=settings.NEW_ACCOUNT_DAYS))


def rate_of(actor: User) -> Rate:
    """How much `actor` posted by now; the team and the system actor have no limit."""
    rate = _measured(actor)
    return Rate() if (rate.refused or rate.last) and actor.is_team else rate


def hold(actor: User) -> None:
    """Let nobody else count what `actor` posts until this transaction ends: parallel requests count in turn; one query.

    The last lock of a post, after those of the repository and the discussion. It is not the person's row: whoever
    reports or closes an account locks that before the discussion (moderation.intake.limits), and each would wait for
    the other.
    """
    assert connection.in_atomic_block, "posts are counted in the transaction that posts"
    if not actor.is_system:
        ask("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, actor.pk])


def _measured(actor: User) -> Rate:
    if actor.is_system:
        return Rate()
    now = clock.now()
    limits = [(settings.POSTS_PER_WINDOW, WINDOW)]
    new = is_new(actor, now)
    if new:
        limits.append((settings.NEW_ACCOUNT_POSTS_PER_HOUR, NEW_WINDOW))
    posted = _posted_within(actor, now, max(limit for limit, _window in limits))
    until = [posted[limit - 1] + window for limit, window in limits if len(posted) >= limit]
    if until and max(until) > now:
        words = _("You posted very much in a short time. You can post again %(when)s.") % {"when": at(max(until))}
        return Rate(refused=RateLimited(words, until=max(until), now=now))
    return Rate(last=new and len(posted) >= settings.NEW_ACCOUNT_POSTS_PER_HOUR - 1)


def _posted_within(actor: User, now: datetime, most: int) -> list[datetime]:
    """When `actor` posted in the hour before `now`, newest first, at most `most` times; one query."""
    return _posted(most)(actor.pk, now - NEW_WINDOW, now)


@cache
def _posted(most: int) -> Compiled[datetime]:
    """Asked at every post, and large to build: compiled once for each limit."""

    def posted(actor: int, since: datetime, now: datetime) -> QuerySet[Any, datetime]:
        def rows(found: QuerySet[Any]) -> Any:
            found = found.filter(created_at__gt=since, created_at__lte=now).order_by("-created_at")
            return found.values_list("created_at", flat=True)[:most]

        words, reactions = rows(Comment.objects.filter(author=actor)), rows(Reaction.objects.filter(user=actor))
        edits = rows(CommentVersion.objects.filter(author=actor, number__gt=1))
        hidings = Q(kind__in=OWN_HIDING, side=Hiding.Side.AUTHOR)
        said = DiscussionEvent.objects.filter(actor=actor).alias(side=KT("data__side"))
        # Closing everything is one act.
        events = rows(said.filter(Q(kind__in=POSTS) | hidings).exclude(data__has_key="all"))
        found: QuerySet[Any, datetime] = words.union(edits, reactions, events, all=True)
        return found.order_by("-created_at")[:most]

    return Compiled(posted)


def at(moment: datetime) -> str:
    """When something ends, in the reader's zone, to be put into a sentence."""
    end = timezone.localtime(moment)
    text = _("on %(date)s, %(time)s (%(zone)s)")
    return text % {"date": date_format(end, "DATE_FORMAT"), "time": date_format(end, "H:i:s"), "zone": end.tzname()}
