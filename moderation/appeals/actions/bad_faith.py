"""Appeals in bad faith: marked with our answer, answered by a notice, then by a limit, like reports (DSA art. 23).

What follows from the marks says moderation/reports/actions/bad_faith.py. A limit delays and takes nothing away: what
would be too late by its end can be filed still, and so can every appeal against what a rule did, because a human looks
at that (see `appeals.limits`).
"""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation.errors import Forbidden
from moderation.appeals.models import Appeal, AppealLimit
from moderation.cases import journal
from moderation.reports.actions.bad_faith import BEFORE_NOTICE, BadFaith, said_of

# Rooms of advisory locks on people, whose second number is the person. Whoever files or writes holds the first, and
# then waits for the case that whoever answers holds; so marks have one of their own.
SENDING, MARKING = 20_405, 20_406


def hold_person(person: int, room: int) -> None:
    """Until the transaction ends nobody else counts, in this room, what this person (an id) contests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [room, person % 2**31])


class BadAppeals(BadFaith[AppealLimit]):
    """Appeals: what a rule did can always be contested, and nothing becomes too late."""

    limits = AppealLimit
    notice, limit = "appeals-bad-faith:", "appeal-limit"

    @property
    def per_day(self) -> int:
        return int(settings.APPEAL_LIMIT_PER_DAY)

    @property
    def days(self) -> int:
        return int(settings.APPEAL_LIMIT_DAYS)

    def marked(self, person: User) -> QuerySet[Appeal]:
        """Appeals of `person` with a mark."""
        return Appeal.objects.filter(appellant=person, bad_faith=True)

    def marks(self, person: User, since: datetime, until: datetime) -> int:
        return self.marked(person).filter(decided_at__gt=since, decided_at__lte=until).count()

    def words_of_notice(self) -> tuple[str, str]:
        limit = ngettext("%(count)s appeal a day", "%(count)s appeals a day", self.per_day) % {"count": self.per_day}
        body = _(
            "Within half a year we found %(count)s of your appeals to be made without any ground, knowingly or without "
            "looking. Each takes the time of somebody who had not decided before, and others wait longer.\n\nPlease "
            "contest only what you believe to be wrong. If we find two more such appeals, we take at most %(limit)s "
            "from you, for %(days)s days. What a rule decided by itself you can always contest."
        )
        return _("About your appeals"), body % {"count": BEFORE_NOTICE, "limit": limit, "days": self.days}

    def reason(self) -> str:
        return _(
            "After we had written to you, we found two more of your appeals to be made without any ground. So we take "
            "fewer from you for a while."
        )

    def words_of_limit(self, limit: AppealLimit) -> tuple[str, str]:
        body = _(
            "%(reason)s\n\nUntil %(date)s you can send us %(count)s a day. What a rule decided by itself you can "
            "always contest, and nothing becomes too late by this."
        )
        return _("We take fewer appeals from you for a while"), body % said_of(limit)

    def words_of_lifting(self) -> tuple[str, str]:
        return _("You can contest decisions as before"), _("We lifted the limit on how many decisions you can contest.")

    def link(self) -> tuple[str, str]:
        return "/standing", _("Your standing")


APPEALS = BadAppeals()


def limits_now(person: User) -> QuerySet[AppealLimit]:
    """The limits on what `person` contests that hold now, the one that ends last first."""
    return APPEALS.limits_now(person)


def follow_up(person: User, at: datetime) -> None:
    """An appeal of `person` was marked at `at`: let follow what follows."""
    hold_person(person.pk, MARKING)
    APPEALS.follow_up(person, at)


@transaction.atomic
def lift_appeal_limit(person: User, *, actor: User) -> None:
    """Let `person` contest as before; they hear of it. Nothing where no limit holds. Raises Forbidden."""
    if not (actor.is_team and actor.pk != person.pk):
        raise Forbidden(_("Only the team can lift this, and nobody for themselves."))
    rows = list(APPEALS.limits_now(person).select_for_update(of=("self",)))
    if not rows:
        return
    for row in rows:
        APPEALS.lift(row, actor)
    journal.note("appeal_limit.lifted", actor=actor, data={"person": person.public_id.hex})
