"""How many reports one person may file (C1, C4): checked where reports come in, never in the action."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import RateLimited
from moderation.reports.models import Report

HOUR = timedelta(hours=1)
# Scripts of operators enter what arrived elsewhere: they are not limited.
LIMITED = (Report.Channel.FORM, Report.Channel.API)


def require_below_limit(user: User, *, request_id: UUID | None = None) -> None:
    """Raise RateLimited when `user` filed REPORTS_PER_HOUR reports within the last hour; at most three queries.

    Locks the reporter's row: call it in the transaction that files the report, and parallel requests count one after
    the other. A `request_id` that made a report before passes: sending a form twice is one report.
    """
    assert connection.in_atomic_block, "the limit is checked in the transaction that files the report"
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    own = Report.objects.filter(reporter=user, channel__in=LIMITED)
    if request_id and own.filter(request_id=request_id).exists():
        return
    now = clock.now()
    recent = own.filter(created_at__gt=now - HOUR).order_by("-created_at")
    newest = list(recent.values_list("created_at", flat=True)[: settings.REPORTS_PER_HOUR])
    if newest and len(newest) >= settings.REPORTS_PER_HOUR:
        until = newest[-1] + HOUR
        raise RateLimited(_words(until), until=until, now=now)


def _words(until: datetime) -> str:
    local = timezone.localtime(until)
    words = _(
        "You sent us many reports within an hour, and we want to look at each with care. You can send the next "
        "one on %(date)s, %(time)s (%(zone)s). If somebody is in danger now, call the emergency services."
    )
    parts = {"date": date_format(local, "DATE_FORMAT"), "time": date_format(local, "H:i"), "zone": local.tzname()}
    return words % parts
