"""Everything that the page of a case shows, gathered in a known number of queries."""

from moderation.cases.overview.asked import Asked, asked_of
from moderation.cases.overview.audit import looks
from moderation.cases.overview.content import Evidence, evidence_of, is_closed
from moderation.cases.overview.history import Background, background_of, decision_of
from moderation.cases.overview.lane import LanePart, find_locked, lane_part, lanes_without_people, locked_snapshots
from moderation.cases.overview.links import Related, linked_cases, suggestions
from moderation.cases.overview.options import Option, Reader, options_for
from moderation.cases.overview.parties import PartyPanel, party_panels
from moderation.cases.overview.questions import Questions, questions_of
from moderation.cases.overview.reports import MOST as MOST_REPORTS
from moderation.cases.overview.reports import ReportLine, lines_of, report_lines, reports_in
from moderation.cases.overview.second import Consequence, consequences_of
from moderation.cases.overview.thread import thread_of
from moderation.cases.overview.timeline import Entry, answers, describe, entries
from moderation.cases.overview.window import Window, window_of

__all__ = [
    "MOST_REPORTS",
    "Asked",
    "Background",
    "Consequence",
    "Entry",
    "Evidence",
    "LanePart",
    "Option",
    "PartyPanel",
    "Questions",
    "Reader",
    "Related",
    "ReportLine",
    "Window",
    "answers",
    "asked_of",
    "background_of",
    "consequences_of",
    "decision_of",
    "describe",
    "entries",
    "evidence_of",
    "find_locked",
    "is_closed",
    "lane_part",
    "lanes_without_people",
    "lines_of",
    "linked_cases",
    "locked_snapshots",
    "looks",
    "options_for",
    "party_panels",
    "questions_of",
    "report_lines",
    "reports_in",
    "suggestions",
    "thread_of",
    "window_of",
]
