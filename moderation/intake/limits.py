"""How many reports one person may file (C1, C4): checked where reports come in, never in the action."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.errors import RateLimited
from moderation.policy.models import Clause
from moderation.reports.actions.limits import EXEMPT_LANES, is_exempt, most_in_danger, standing_limit
from moderation.reports.models import Report, ReportingLimit
from moderation.reports.standing import HOUR, LIMITED, Standing, in_one_go, locked_standing

DAY = timedelta(days=1)


def require_below_limit(
    user: User, *, request_id: UUID | None = None, clause: Clause | None = None, danger: bool = False
) -> Standing:
    """What is known of `user`, who files now; raises RateLimited after REPORTS_PER_HOUR reports within the last hour.

    And when a limit for reports in bad faith holds and is used up, unless `clause` is never limited (C4); what is a
    `danger` counts by itself, against a higher one. Locks the reporter's row: call it in the transaction that files
    the report, and parallel requests count one after the other. A `request_id` that made a report before passes:
    sending a form twice is one report.
    Two queries, two more where such a limit holds.
    """
    standing = locked_standing(user, clause, request_id or uuid4())
    if standing.known:
        return standing
    if (newest := standing.sent[: settings.REPORTS_PER_HOUR]) and len(newest) >= settings.REPORTS_PER_HOUR:
        until = newest[-1] + HOUR
        raise RateLimited(_words(until), until=until, now=standing.now)
    if clause is not None and standing.limited and not is_exempt(clause):
        _require_below_own_limit(user, standing.now, danger)
    return standing


def _require_below_own_limit(user: User, now: datetime, danger: bool) -> None:
    """Raise RateLimited when the limit on this person is used up; the reason is said, and when it ends."""
    limit = standing_limit(user)
    if limit is None:
        return
    # What was marked as a danger before the limit held is not held against the first one after.
    since = max(now - DAY, limit.starts_at) if danger else now - DAY
    most = most_in_danger(limit) if danger else limit.per_day
    own = Report.objects.filter(reporter=user, channel__in=LIMITED, created_at__gt=since, danger=danger)
    counted = own.exclude(clause__lane__code__in=EXEMPT_LANES)
    newest = [row["at"] for row in in_one_go(counted)[:most]]
    if len(newest) >= most:
        until = min(newest[-1] + DAY, limit.ends_at)
        raise RateLimited(_words_of_limit(limit, until, danger), until=until, now=now)


def _words_of_limit(limit: ReportingLimit, until: datetime, danger: bool) -> str:
    """Why, when the next one is taken, and when the limit ends."""
    in_danger = _(
        "%(reason)s You marked many reports today as a danger to somebody’s life. You can mark the next one on "
        "%(date)s, %(time)s (%(zone)s); the limit ends on %(end)s. If somebody is in danger now, call the emergency "
        "services. What is about suicide, self-harm or children you can report at any time: choose that as the reason."
    )
    words = (
        in_danger
        if danger
        else _(
            "%(reason)s You can send the next one on %(date)s, %(time)s (%(zone)s); the limit ends on %(end)s. What "
            "endangers somebody’s life or children you can report at any time."
        )
    )
    local, end = timezone.localtime(until), timezone.localtime(limit.ends_at)
    parts = {"date": date_format(local, "DATE_FORMAT"), "time": date_format(local, "H:i"), "zone": local.tzname()}
    return words % {**parts, "reason": limit.reason, "end": date_format(end, "DATE_FORMAT")}


def _words(until: datetime) -> str:
    local = timezone.localtime(until)
    words = _(
        "You sent us many reports within an hour, and we want to look at each with care. You can send the next "
        "one on %(date)s, %(time)s (%(zone)s). If somebody is in danger now, call the emergency services."
    )
    parts = {"date": date_format(local, "DATE_FORMAT"), "time": date_format(local, "H:i"), "zone": local.tzname()}
    return words % parts
