"""Who reported, how often we agreed with them before, in which words, and whether two of them are perhaps one."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext

from moderation.cases.models import Case
from moderation.cases.overview.passages import Place, places_of
from moderation.reports.actions import can_be_marked
from moderation.reports.models import Report, RightsClaim, Sender
from moderation.reports.people import Doubt, doubts
from moderation.reports.reliability import Record, records_of

MOST = 50


@dataclass(frozen=True)
class ReportLine:
    """A report, with the record of its reporter; `doubt` names an account that is perhaps the same person's.

    `passage` says where the words stand that it quotes.
    """

    report: Report
    record: Record
    doubt: Doubt | None
    passage: Place | None = None

    @property
    def machine_lines(self) -> list[tuple[str, str]]:
        """What our screening wrote, line by line: its sentences, stored in English, and where the comments stand.

        Each line with its address; "" for what is no address of ours, such as the name of a site.
        """
        return [_line(line) for line in self.report.text.split("\n")]

    @property
    def can_be_marked(self) -> bool:
        """Whether a moderator may say that it was made in bad faith (C4)."""
        return can_be_marked(self.report)

    @property
    def claim(self) -> RightsClaim | None:
        """The particulars, when it is a claim of rights (C5)."""
        return getattr(self.report, "claim", None)

    @property
    def sender(self) -> Sender | None:
        """Who had sent what the team entered (C3)."""
        return getattr(self.report, "sender", None)


def _line(line: str) -> tuple[str, str]:
    if not line.startswith(f"{settings.SITE_URL}/"):
        return gettext(line) if line else "", ""
    return urlsplit(line).path, line


def report_lines(case: Case) -> list[ReportLine]:
    """The newest reports of `case`, at most fifty; three queries, and those of lines_of."""
    return lines_of(list(reports_in(case)[:MOST]))


def reports_in(case: Case) -> QuerySet[Report]:
    """The reports of `case`, newest first, with what a line shows; two queries."""
    rows = Report.objects.filter(case_report__case=case).order_by("-created_at", "-pk")
    related = ("reporter", "clause", "discussion__repository__namespace", "entered_by")
    return rows.select_related(*related, "sender", "claim__counter_statement").prefetch_related("attachments")


def lines_of(reports: Sequence[Report]) -> list[ReportLine]:
    """Those of `reports_in`, each with the record of its reporter; one query, and those of places_of."""
    records = records_of((one.reporter_id, one.clause_id) for one in reports if not one.by_machine)
    same = doubts(reports)
    places = places_of(reports)
    return [
        ReportLine(one, records.get((one.reporter_id, one.clause_id), Record()), same.get(one.pk), places.get(one.pk))
        for one in reports
    ]
