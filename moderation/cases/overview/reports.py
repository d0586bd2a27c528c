"""Who reported, how often we agreed with them before, and in which words."""

from dataclasses import dataclass

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
    def reliability(self) -> int:
        """In percent, as priority weighs it."""
        return round(100 * reliability_of(self.upheld, self.decided))


def report_lines(case: Case) -> list[ReportLine]:
    """The newest reports of `case`, at most fifty; two queries."""
    rows = Report.objects.filter(case_report__case=case).order_by("-created_at", "-pk")
    rows = rows.select_related("reporter", "clause", "discussion__repository__namespace")[:MOST]
    records = track_records(row.reporter_id for row in rows)
    return [ReportLine(row, *records.get(row.reporter_id, (0, 0))) for row in rows]
