"""Everything that the page of a case shows, gathered in a known number of queries."""

from moderation.cases.overview.content import Evidence, evidence_of
from moderation.cases.overview.history import Background, background_of
from moderation.cases.overview.options import Option, Reader, options_for
from moderation.cases.overview.reports import ReportLine, report_lines
from moderation.cases.overview.thread import thread_of
from moderation.cases.overview.timeline import Entry, answers, describe, entries

__all__ = [
    "Background",
    "Entry",
    "Evidence",
    "Option",
    "Reader",
    "ReportLine",
    "answers",
    "background_of",
    "describe",
    "entries",
    "evidence_of",
    "options_for",
    "report_lines",
    "thread_of",
]
