"""Who reported, how often we agreed with them before, and in which words."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from moderation.cases.models import Case
from moderation.reports.models import Report
from moderation.reports.queries import reliability_of, track_records

MOST = 50


@dataclass(frozen=True)
class ReportLine:
    """A report; of the reporter's `decided` reports before we agreed with `upheld`."""

    report: Report
    upheld: int
    decided: int

    @property
    def machine_lines(self) -> list[tuple[str, str]]:
        """What our screening wrote, line by line: its sentences, stored in English, and where the comments stand.

        Each line with its address; "" for what is no address of ours, such as the name of a site.
        """
        return [_line(line) for line in self.report.text.split("\n")]

    @property
    def reliability(self) -> int:
        """In percent, as priority weighs it."""
        return round(100 * reliability_of(self.upheld, self.decided))


def _line(line: str) -> tuple[str, str]:
    if not line.startswith(f"{settings.SITE_URL}/"):
        return gettext(line) if line else "", ""
    return urlsplit(line).path, line


def report_lines(case: Case) -> list[ReportLine]:
    """The newest reports of `case`, at most fifty; two queries."""
    rows = Report.objects.filter(case_report__case=case).order_by("-created_at", "-pk")
    rows = rows.select_related("reporter", "clause", "discussion__repository__namespace")[:MOST]
    records = track_records(row.reporter_id for row in rows)
    return [ReportLine(row, *records.get(row.reporter_id, (0, 0))) for row in rows]
