"""Appeals in bad faith: marked with our answer, answered by a notice, then by a limit, like reports (DSA art. 23).

What follows from the marks, and nothing else; see moderation/reports/actions/limits.py for reports:

1. Three within 180 days: a notice that says what comes next. There is one in 180 days.
2. Two more since the notice, or since the last limit: a limit on what the person contests a day, for a while.

A limit delays and takes nothing away: what would be too late by its end can be filed still, and so can every appeal
against what a rule did, because a human looks at that (see `appeals.limits`).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import write_to
from accounts.models import InboxMessage, User
from accounts.queries import system_actor
from foundation import clock
from foundation.clock import Now
from foundation.errors import Forbidden
from moderation.appeals.models import Appeal, AppealLimit
from moderation.cases import journal

WITHIN = timedelta(days=180)
BEFORE_NOTICE, BEFORE_LIMIT = 3, 2
_NOTICE = "appeals-bad-faith:"
# Rooms of advisory locks on people, whose second number is the person. Whoever files or writes holds the first, and
# then waits for the case that whoever answers holds; so marks have one of their own.
SENDING, MARKING = 20_405, 20_406


def hold_person(person: int, room: int) -> None:
    """Until the transaction ends nobody else counts, in this room, what this person (an id) contests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [room, person % 2**31])


def limits_now(person: User) -> QuerySet[AppealLimit]:
    """The limits on what `person` contests that hold now, the one that ends last first."""
    return AppealLimit.objects.filter(person=person, lifted_at=None, ends_at__gt=Now()).order_by("-ends_at")


def follow_up(person: User, at: datetime) -> None:
    """An appeal of `person` was marked at `at`: let follow what follows."""
    hold_person(person.pk, MARKING)
    noticed = _noticed_at(person, at)
    if noticed is None:
        if _marks(person, at - WITHIN, at) >= BEFORE_NOTICE:
            _send_notice(person, at)
        return
    last = AppealLimit.objects.filter(person=person, starts_at__lt=at).order_by("-starts_at").first()
    since = max(noticed, last.starts_at) if last else noticed
    if _marks(person, since, at) >= BEFORE_LIMIT and not limits_now(person).exists():
        _limit(person, at)


@transaction.atomic
def lift_appeal_limit(person: User, *, actor: User) -> None:
    """Let `person` contest as before; they hear of it. Nothing where no limit holds. Raises Forbidden."""
    if not (actor.is_team and actor.pk != person.pk):
        raise Forbidden(_("Only the team can lift this, and nobody for themselves."))
    rows = list(limits_now(person).select_for_update(of=("self",)))
    if not rows:
        return
    now = clock.now()
    for row in rows:
        row.lifted_at, row.lifted_by = now, actor
        row.save(update_fields=["lifted_at", "lifted_by"])
    journal.note("appeal_limit.lifted", actor=actor, data={"person": person.public_id.hex})
    with translation.override(person.language):
        write_to(
            person,
            key=f"appeal-limit-lifted:{rows[0].pk}",
            subject=_("You can contest decisions as before"),
            body=_("We lifted the limit on how many decisions you can contest."),
            actor=actor,
        )


def _marks(person: User, since: datetime, until: datetime) -> int:
    marked = Appeal.objects.filter(appellant=person, bad_faith=True)
    return marked.filter(decided_at__gt=since, decided_at__lte=until).count()


def _noticed_at(person: User, at: datetime) -> datetime | None:
    """When the last notice of the 180 days before went out; the moment is in its key."""
    notices = InboxMessage.objects.filter(recipient=person, key__startswith=_NOTICE).order_by("-pk")
    key = notices.values_list("key", flat=True).first()
    moment = datetime.fromisoformat(key.removeprefix(_NOTICE)) if key else None
    return moment if moment and at - moment < WITHIN else None


def _send_notice(person: User, at: datetime) -> None:
    with translation.override(person.language):
        count = settings.APPEAL_LIMIT_PER_DAY
        limit = ngettext("%(count)s appeal a day", "%(count)s appeals a day", count) % {"count": count}
        body = _(
            "Within half a year we found %(count)s of your appeals to be made without any ground, knowingly or without "
            "looking. Each takes the time of somebody who had not decided before, and others wait longer.\n\nPlease "
            "contest only what you believe to be wrong. If we find two more such appeals, we take at most %(limit)s "
            "from you, for %(days)s days. What a rule decided by itself you can always contest."
        )
        write_to(
            person,
            key=f"{_NOTICE}{at.isoformat()}",
            subject=_("About your appeals"),
            body=body % {"count": BEFORE_NOTICE, "limit": limit, "days": settings.APPEAL_LIMIT_DAYS},
            **_standing(person),
            actor=system_actor(),
        )


def _standing(person: User) -> dict[str, str]:
    """Where they read how they stand: nowhere for guests, who cannot sign in."""
    return {} if person.is_guest else {"link": "/standing", "link_label": _("Your standing")}


def _limit(person: User, at: datetime) -> None:
    ends_at = clock.full_minute(at + timedelta(days=settings.APPEAL_LIMIT_DAYS))
    with translation.override(person.language):
        reason = _(
            "After we had written to you, we found two more of your appeals to be made without any ground. So we take "
            "fewer from you for a while."
        )
        limit = AppealLimit.objects.create(
            person=person, per_day=settings.APPEAL_LIMIT_PER_DAY, reason=reason, starts_at=at, ends_at=ends_at
        )
        body = _(
            "%(reason)s\n\nUntil %(date)s you can send us %(count)s a day. What a rule decided by itself you can "
            "always contest, and nothing becomes too late by this."
        )
        write_to(
            person,
            key=f"appeal-limit:{limit.pk}",
            subject=_("We take fewer appeals from you for a while"),
            body=body % {"reason": reason, "date": ends_at.strftime("%Y-%m-%d %H:%M UTC"), "count": limit.per_day},
            **_standing(person),
            actor=system_actor(),
        )
