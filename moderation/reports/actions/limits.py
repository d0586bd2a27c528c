"""Reports in bad faith: marked with a decision, answered by a notice, then by a limit (C4; DSA art. 23).

What follows from the marks, and nothing else:

1. Three within 180 days: a notice that says what comes next. There is one in 180 days.
2. Two more since the notice, or since the last limit: a limit on what the person files a day, for a while.

Marks go with the decision they were set with: taken back, they are as if they had never been, and a limit that rested
on them is lifted. Clauses about life, children and minors are never limited (`intake.limits` asks `is_exempt`);
under others, what is marked as a danger to life has a higher limit of its own, which the first one never meets.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

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
from foundation.errors import Forbidden, Refused
from moderation.policy.models import Clause
from moderation.reports.actions.records import count_bad_faith
from moderation.reports.models import Report, ReportingLimit
from moderation.reports.standing import limits_now

WITHIN = timedelta(days=180)
BEFORE_NOTICE, BEFORE_LIMIT = 3, 2
# Lanes of what nobody may be kept from telling us.
EXEMPT_LANES = ("minors", "children", "threat")
# The box "somebody's life is in danger" puts a report before all others: it has a limit too, so much higher.
DANGER_TIMES = 3
_NOTICE = "bad-faith:"
# The room of advisory locks on people whose reports are marked; the second number is the person.
_LOCKS = 20_403


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
        _follow_up(person, at)
    return found


def can_be_marked(report: Report) -> bool:
    """Whether it is a person's own report that stands: nobody answers for what the team entered."""
    own = not report.by_machine and report.channel not in Report.ENTERED
    return own and report.state != Report.State.WITHDRAWN


def reconsider(reporter_ids: Collection[int]) -> None:
    """Marks of these reporters were taken back: lift a limit that would not have come without them."""
    for person in _locked(reporter_ids):
        for limit in standing_limits(person):
            if _marks_since(person, _limit_counts_from(person, limit.starts_at), until=limit.starts_at) < BEFORE_LIMIT:
                _lift(limit, system_actor())


def standing_limit(person: User) -> ReportingLimit | None:
    """The limit that holds now for what `person` files; one query."""
    return standing_limits(person).order_by("-ends_at").first()


def standing_limits(person: User) -> QuerySet[ReportingLimit]:
    return limits_now().filter(person=person)


@transaction.atomic
def lift_limit(limit: ReportingLimit, *, actor: User) -> None:
    """Let the person file again as before. Raises Forbidden, and Refused when it holds no more."""
    if not (actor.is_team and actor.pk != limit.person_id):
        raise Forbidden(_("Only the team can lift this, and nobody for themselves."))
    row = standing_limits(limit.person).select_for_update(of=("self",)).filter(pk=limit.pk).first()
    if row is None:
        raise Refused(_("This limit holds no more."), code="not_standing")
    _lift(row, actor)


def _lift(row: ReportingLimit, actor: User) -> None:
    row.lifted_at, row.lifted_by = clock.now(), actor
    row.save(update_fields=["lifted_at", "lifted_by"])
    with translation.override(row.person.language):
        write_to(
            row.person,
            key=f"reporting-limit-lifted:{row.pk}",
            subject=_("You can report as before"),
            body=_("We lifted the limit on how many reports you can send us."),
            actor=actor,
        )


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


def _follow_up(person: User, at: datetime) -> None:
    noticed = _noticed_at(person, before=at)
    if noticed is None:
        if _marks_since(person, at - WITHIN, until=at) >= BEFORE_NOTICE:
            _send_notice(person, at)
        return
    enough = _marks_since(person, _limit_counts_from(person, at), until=at) >= BEFORE_LIMIT
    if noticed and enough and standing_limit(person) is None:
        _limit(person, at)


def _limit_counts_from(person: User, at: datetime) -> datetime:
    """The notice, or the beginning of the last limit before `at`."""
    noticed = _noticed_at(person, before=at) or at
    earlier = ReportingLimit.objects.filter(person=person, starts_at__lt=at).order_by("-starts_at").first()
    return max(noticed, earlier.starts_at) if earlier else noticed


def _noticed_at(person: User, *, before: datetime) -> datetime | None:
    """When the last notice of the 180 days before went out; the moment is in its key, as it was decided."""
    notices = InboxMessage.objects.filter(recipient=person, key__startswith=_NOTICE).order_by("-pk")
    for key in notices.values_list("key", flat=True)[:10]:
        moment = datetime.fromisoformat(key.removeprefix(_NOTICE))
        if moment <= before:
            return moment if before - moment < WITHIN else None
    return None


def _marks_since(person: User, since: datetime, *, until: datetime) -> int:
    marked = Report.objects.filter(reporter=person, bad_faith=True)
    return marked.filter(closed_at__gt=since, closed_at__lte=until).count()


def _send_notice(person: User, at: datetime) -> None:
    with translation.override(person.language):
        limit = ngettext("%(count)s report a day", "%(count)s reports a day", settings.REPORTING_LIMIT_PER_DAY)
        body = _(
            "Within half a year we found %(count)s of your reports to be made without any ground, knowingly or without "
            "looking. Whoever is reported so is harmed, and others wait longer.\n\nPlease report only what you believe "
            "to break our rules or the law. If we find two more such reports, we take at most %(limit)s from you, for "
            "%(days)s days. What endangers somebody’s life or children you can always report.\n\nIf you think that we "
            "are wrong about a report, open it and contest what we decided."
        )
        words = {"count": BEFORE_NOTICE, "days": settings.REPORTING_LIMIT_DAYS}
        write_to(
            person,
            key=f"{_NOTICE}{at.isoformat()}",
            subject=_("About your reports"),
            body=body % {**words, "limit": limit % {"count": settings.REPORTING_LIMIT_PER_DAY}},
            link="/reports",
            link_label=_("Your reports"),
            actor=system_actor(),
        )


def _limit(person: User, at: datetime) -> None:
    ends_at = clock.full_minute(at + timedelta(days=settings.REPORTING_LIMIT_DAYS))
    with translation.override(person.language):
        reason = _(
            "After we had written to you, we found two more of your reports to be made without any ground. So we take "
            "fewer from you for a while."
        )
        limit = ReportingLimit.objects.create(
            person=person, per_day=settings.REPORTING_LIMIT_PER_DAY, reason=reason, starts_at=at, ends_at=ends_at
        )
        body = _(
            "%(reason)s\n\nUntil %(date)s you can send us %(count)s a day. What endangers somebody’s life or children "
            "you can always report."
        )
        write_to(
            person,
            key=f"reporting-limit:{limit.pk}",
            subject=_("We take fewer reports from you for a while"),
            body=body % {"reason": reason, "date": ends_at.strftime("%Y-%m-%d %H:%M UTC"), "count": limit.per_day},
            link="/reports",
            link_label=_("Your reports"),
            actor=system_actor(),
        )
