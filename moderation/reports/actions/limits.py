"""Reports in bad faith: marked with a decision, answered by a notice, then by a limit (C4; DSA art. 23).

What follows from the marks says bad_faith.py. They go with the decision they were set with: taken back, they are as if
they had never been, and a limit that rested on them is lifted. Clauses about life, children and minors are never
limited (`intake.limits` asks `is_exempt`); under others, what is marked as a danger to life has a higher limit of its
own, which the first one never meets.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.queries import system_actor
from foundation.errors import Forbidden, Refused
from moderation.policy.models import Clause
from moderation.reports.actions.bad_faith import BEFORE_LIMIT, BEFORE_NOTICE, BadFaith, said_of
from moderation.reports.actions.records import count_bad_faith
from moderation.reports.models import Report, ReportingLimit

# Lanes of what nobody may be kept from telling us.
EXEMPT_LANES = ("minors", "children", "threat")
# The box "somebody's life is in danger" puts a report before all others: it has a limit too, so much higher.
DANGER_TIMES = 3
# The room of advisory locks on people whose reports are marked; the second number is the person.
_LOCKS = 20_403


class BadReports(BadFaith[ReportingLimit]):
    """Reports: what endangers life or children is never limited."""

    limits = ReportingLimit
    notice, limit = "bad-faith:", "reporting-limit"

    @property
    def per_day(self) -> int:
        return int(settings.REPORTING_LIMIT_PER_DAY)

    @property
    def days(self) -> int:
        return int(settings.REPORTING_LIMIT_DAYS)

    def marked(self, person: User) -> QuerySet[Report]:
        """Reports of `person` with a mark."""
        return Report.objects.filter(reporter=person, bad_faith=True)

    def marks(self, person: User, since: datetime, until: datetime) -> int:
        return self.marked(person).filter(closed_at__gt=since, closed_at__lte=until).count()

    def words_of_notice(self) -> tuple[str, str]:
        limit = ngettext("%(count)s report a day", "%(count)s reports a day", self.per_day) % {"count": self.per_day}
        body = _(
            "Within half a year we found %(count)s of your reports to be made without any ground, knowingly or without "
            "looking. Whoever is reported so is harmed, and others wait longer.\n\nPlease report only what you believe "
            "to break our rules or the law. If we find two more such reports, we take at most %(limit)s from you, for "
            "%(days)s days. What endangers somebody’s life or children you can always report.\n\nIf you think that we "
            "are wrong about a report, open it and contest what we decided."
        )
        return _("About your reports"), body % {"count": BEFORE_NOTICE, "days": self.days, "limit": limit}

    def reason(self) -> str:
        return _(
            "After we had written to you, we found two more of your reports to be made without any ground. So we take "
            "fewer from you for a while."
        )

    def words_of_limit(self, limit: ReportingLimit) -> tuple[str, str]:
        body = _(
            "%(reason)s\n\nUntil %(date)s you can send us %(count)s a day. What endangers somebody’s life or children "
            "you can always report."
        )
        return _("We take fewer reports from you for a while"), body % said_of(limit)

    def words_of_lifting(self) -> tuple[str, str]:
        return _("You can report as before"), _("We lifted the limit on how many reports you can send us.")

    def link(self) -> tuple[str, str]:
        return "/standing", _("Your standing")


REPORTS = BadReports()


def is_exempt(clause: Clause) -> bool:
    """Whether a report under `clause` is never limited: a matter of life, of children or of minors."""
    return clause.lane is not None and clause.lane.code in EXEMPT_LANES


def most_in_danger(limit: ReportingLimit) -> int:
    """How many reports a day the person may mark as a danger to somebody's life; at least one."""
    return max(DANGER_TIMES * limit.per_day, 1)


def mark_bad_faith(reports: Iterable[Report], *, chosen: Collection[UUID], at: datetime, actor: User) -> list[Report]:
    """Mark those of `reports` that are `chosen`, which `actor` just rejected, and let follow what follows.

    `chosen` are public ids. Reports by our screening, by the team for somebody and withdrawn ones are never marked.
    Raises Refused for an id that is not among them.
    """
    if not chosen:
        return []
    can = {one.public_id: one for one in reports if can_be_marked(one)}
    if set(chosen) - can.keys():
        raise Refused(_("One of the reports cannot be marked. Reload the page."), code="invalid", status=400)
    keys = [can[one].pk for one in chosen]
    found = list(Report.objects.filter(pk__in=keys, state=Report.State.REJECTED, bad_faith=False).order_by("pk"))
    Report.objects.filter(pk__in=[one.pk for one in found]).update(bad_faith=True)
    count_bad_faith(found)
    for person in _locked({one.reporter_id for one in found}):
        REPORTS.follow_up(person, at)
    return found


def can_be_marked(report: Report) -> bool:
    """Whether it is a person's own report that stands: nobody answers for what the team entered."""
    own = not report.by_machine and report.channel not in Report.ENTERED
    return own and report.state != Report.State.WITHDRAWN


def withdraw_marks(reports: QuerySet[Report]) -> list[Report]:
    """Take marks of bad faith back from `reports`, which keep their outcome; returns those that had one."""
    found = list(reports.filter(bad_faith=True).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if found:
        Report.objects.filter(pk__in=[one.pk for one in found]).update(bad_faith=False)
        count_bad_faith(found, by=-1)
        reconsider({one.reporter_id for one in found})
    return found


def reconsider(reporter_ids: Collection[int]) -> None:
    """Marks of these reporters were taken back: lift a limit that would not have come without them."""
    for person in _locked(reporter_ids):
        for limit in REPORTS.limits_now(person):
            since = REPORTS.counts_from(person, limit.starts_at)
            if REPORTS.marks(person, since, limit.starts_at) < BEFORE_LIMIT:
                REPORTS.lift(limit, system_actor())


def standing_limit(person: User) -> ReportingLimit | None:
    """The limit that holds now for what `person` files; one query."""
    return REPORTS.limits_now(person).first()


@transaction.atomic
def lift_limit(limit: ReportingLimit, *, actor: User) -> None:
    """Let the person file again as before. Raises Forbidden, and Refused when it holds no more."""
    if not (actor.is_team and actor.pk != limit.person_id):
        raise Forbidden(_("Only the team can lift this, and nobody for themselves."))
    row = REPORTS.limits_now(limit.person).select_for_update(of=("self",)).filter(pk=limit.pk).first()
    if row is None:
        raise Refused(_("This limit holds no more."), code="not_standing")
    REPORTS.lift(row, actor)


def _locked(reporter_ids: Collection[int]) -> list[User]:
    """The reporters: of two decisions at once the second counts what the first marked."""
    hold_marks(reporter_ids)
    return list(User.objects.filter(pk__in=reporter_ids).order_by("pk"))


def hold_marks(reporter_ids: Collection[int]) -> None:
    """Until the transaction ends nobody else counts marks of these reporters; after their reports and records.

    Not by their rows: whoever files holds the own one, and then waits for the case that whoever decides holds.
    """
    with connection.cursor() as cursor:
        for key in sorted(reporter_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, key % 2**31])
