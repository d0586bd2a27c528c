"""What people read of limits on their reports and appeals, and of notices that announce one (C4, G1; DSA art. 23)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation.templatetags.foundation import exact
from moderation.appeals.actions.bad_faith import APPEALS
from moderation.appeals.models import Appeal, AppealLimit
from moderation.reports.actions.bad_faith import WITHIN
from moderation.reports.actions.limits import REPORTS
from moderation.reports.links import address_of
from moderation.reports.models import Report, ReportingLimit

# What stands on the page of what was marked, the newest first.
MOST = 10


@dataclass(frozen=True)
class Marked:
    """Something that we found to be made without any ground: when it was sent, when we found so, and where it is."""

    sent_at: datetime
    found_at: datetime | None
    address: str


@dataclass(frozen=True)
class FewerOf:
    """A `limit` that holds on what somebody sends us, or a notice, written at `noticed_at`, that one may come.

    `of` is "reports" or "appeals". The words are in the active language and time zone.
    """

    of: str
    limit: ReportingLimit | AppealLimit | None
    noticed_at: datetime | None
    marked: list[Marked]

    @property
    def heading(self) -> str:
        """What it is."""
        if self.of == "reports":
            return _("Fewer reports for a while") if self.limit else _("We wrote to you about your reports")
        return _("Fewer appeals for a while") if self.limit else _("We wrote to you about your appeals")

    @property
    def says(self) -> list[str]:
        """What it is, why, and until when."""
        return [self.limit.reason, self._until(self.limit)] if self.limit else [self._if_it_goes_on()]

    @property
    def contest(self) -> str:
        """What whoever thinks that we are wrong can do."""
        if self.of == "reports":
            return _(
                "If you think that we are wrong about one of these, open it and contest what we decided. When we "
                "agree, it counts no more, and a limit that came with it ends."
            )
        return _(
            "We answered these, and what we answered stands. If you think that it is wrong to take fewer from you, say "
            "so with what you contest next: somebody reads it who did not answer you, and can end this."
        )

    def _until(self, limit: ReportingLimit | AppealLimit) -> str:
        said = {"moment": exact(limit.ends_at), "count": limit.per_day}
        if self.of == "reports":
            words = ngettext(
                "Until %(moment)s you can send us %(count)s report a day; then this ends by itself. What endangers "
                "somebody’s life or children you can always report.",
                "Until %(moment)s you can send us %(count)s reports a day; then this ends by itself. What endangers "
                "somebody’s life or children you can always report.",
                limit.per_day,
            )
        else:
            words = ngettext(
                "Until %(moment)s you can contest %(count)s decision a day; then this ends by itself. What a rule "
                "decided by itself you can always contest, and nothing becomes too late by this.",
                "Until %(moment)s you can contest %(count)s decisions a day; then this ends by itself. What a rule "
                "decided by itself you can always contest, and nothing becomes too late by this.",
                limit.per_day,
            )
        return words % said

    def _if_it_goes_on(self) -> str:
        assert self.noticed_at is not None
        said = {"date": exact(self.noticed_at), "until": exact(self.noticed_at + WITHIN)}
        if self.of == "reports":
            words = _(
                "On %(date)s we wrote to you that we found several of your reports to be made without any ground. "
                "Until %(until)s we remember that. If we find two more, we take fewer from you for %(days)s days. Now "
                "you can report as always."
            )
            return words % {**said, "days": settings.REPORTING_LIMIT_DAYS}
        words = _(
            "On %(date)s we wrote to you that we found several of your appeals to be made without any ground. Until "
            "%(until)s we remember that. If we find two more, we take fewer from you for %(days)s days. Now you can "
            "contest decisions as always."
        )
        return words % {**said, "days": settings.APPEAL_LIMIT_DAYS}


def fewer_for(person: User, now: datetime) -> Iterator[FewerOf]:
    """What holds for `person` at `now`, or was announced: four queries, and one for each of these."""
    limited, noticed = REPORTS.limits_now(person).first(), REPORTS.noticed_at(person, before=now)
    if limited or noticed:
        yield FewerOf("reports", limited, noticed, list(_reports(REPORTS.marked(person), now)))
    fewer, told = APPEALS.limits_now(person).first(), APPEALS.noticed_at(person, before=now)
    if fewer or told:
        yield FewerOf("appeals", fewer, told, list(_appeals(APPEALS.marked(person), now)))


def _reports(rows: QuerySet[Report], now: datetime) -> Iterator[Marked]:
    for one in rows.filter(closed_at__gt=now - WITHIN).select_related("reporter").order_by("-closed_at")[:MOST]:
        yield Marked(one.created_at, one.closed_at, address_of(one))


def _appeals(rows: QuerySet[Appeal], now: datetime) -> Iterator[Marked]:
    for one in rows.filter(decided_at__gt=now - WITHIN).order_by("-decided_at")[:MOST]:
        yield Marked(one.created_at, one.decided_at, reverse("appeals:own", args=[one.public_id]))
