"""Trusted flaggers with their measured record, for the team."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.pages import page
from moderation.cases.views.team import TeamRequest, team_page
from moderation.reports.flaggers import FlaggerRecord, flaggers, records_of_flaggers
from moderation.reports.models import TrustedFlagger

_SOME_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A trusted flagger, whether it is one now, and its record."""

    flagger: TrustedFlagger
    stands: bool
    record: FlaggerRecord

    @property
    def percent(self) -> int | None:
        return None if self.record.share is None else round(100 * self.record.share)

    @property
    def took(self) -> str:
        """The median from report to decision in words; "" before anything was decided."""
        if self.record.median is None:
            return ""
        if self.record.median < timedelta(minutes=1):
            return _("less than a minute")
        return timesince(_SOME_MOMENT, _SOME_MOMENT + self.record.median, depth=2)

    @property
    def between(self) -> tuple[int, int]:
        """The interval in percent."""
        low, high = self.record.interval
        return round(100 * low), round(100 * high)


@team_page
@require_safe
def flaggers_page(request: TeamRequest) -> HttpResponse:
    """Who is trusted for what, since when, and how their reports turned out; five queries whatever their number."""
    now = clock.now()
    found = page(flaggers(), request.GET, order=("-since", "-id"))
    records = records_of_flaggers(one.user_id for one in found.rows)
    rows = [
        Row(
            one,
            stands=one.since <= now and (one.until is None or one.until > now),
            record=records.get(one.user_id, FlaggerRecord()),
        )
        for one in found.rows
    ]
    return render(request, "cases/flaggers.html", {"page": found, "rows": rows})
