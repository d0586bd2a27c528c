"""How many reports one person may file (C1, C4): checked where reports come in, never in the action."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import RateLimited
from moderation.policy.models import Clause
from moderation.reports.actions.limits import EXEMPT_LANES, is_exempt, standing_limit
from moderation.reports.models import Report, ReportingLimit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Scripts of operators enter what arrived elsewhere: they are not limited.
LIMITED = (Report.Channel.FORM, Report.Channel.API)


def require_below_limit(
    user: User, *, request_id: UUID | None = None, clause: Clause | None = None, danger: bool = False
) -> None:
    """Raise RateLimited when `user` filed REPORTS_PER_HOUR reports within the last hour; at most four queries.

    And when a limit for reports in bad faith holds, unless `clause` or `danger` says that it is never limited (C4).
    Locks the reporter's row: call it in the transaction that files the report, and parallel requests count one after
    the other. A `request_id` that made a report before passes: sending a form twice is one report.
    """
    assert connection.in_atomic_block, "the limit is checked in the transaction that files the report"
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    own = Report.objects.filter(reporter=user, channel__in=LIMITED)
    if request_id and own.filter(request_id=request_id).exists():
        return
    now = clock.now()
    # What is sent in one go, about several comments of one author, counts once.
    sent = own.filter(created_at__gt=now - HOUR).order_by().values(in_one_go=Coalesce("batch", "public_id"))
    recent = sent.annotate(at=Min("created_at")).order_by("-at")
    newest = list(recent.values_list("at", flat=True)[: settings.REPORTS_PER_HOUR])
    if newest and len(newest) >= settings.REPORTS_PER_HOUR:
        until = newest[-1] + HOUR
        raise RateLimited(_words(until), until=until, now=now)
    if clause is not None and not is_exempt(clause, danger):
        _require_below_own_limit(user, own, now)


def _require_below_own_limit(user: User, own: QuerySet[Report], now: datetime) -> None:
    """Raise RateLimited when a limit on this person holds and is used up; the reason is said, and when it ends."""
    limit = standing_limit(user)
    if limit is None:
        return
    counted = own.filter(created_at__gt=now - DAY, danger=False).exclude(clause__lane__code__in=EXEMPT_LANES)
    sent = counted.order_by().values(in_one_go=Coalesce("batch", "public_id")).annotate(at=Min("created_at"))
    newest = list(sent.order_by("-at").values_list("at", flat=True)[: limit.per_day])
    if len(newest) >= limit.per_day:
        until = min(newest[-1] + DAY, limit.ends_at)
        raise RateLimited(_words_of_limit(limit, until), until=until, now=now)


def _words_of_limit(limit: ReportingLimit, until: datetime) -> str:
    """Why, when the next one is taken, and when the limit ends."""
    words = _(
        "%(reason)s You can send the next one on %(date)s, %(time)s (%(zone)s); the limit ends on %(end)s. What "
        "endangers somebody’s life or children you can report at any time."
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
