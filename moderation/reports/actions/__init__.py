from moderation.reports.actions.filing import (
    AlreadyReported,
    file_report,
    filed_before,
    may_be_public,
    must_be_confidential,
)
from moderation.reports.actions.limits import can_be_marked, lift_limit, mark_bad_faith, withdraw_marks
from moderation.reports.actions.records import close_reports, draft_judged, hold_records, outcome_given
from moderation.reports.actions.reopening import reopen_reports

__all__ = [
    "AlreadyReported",
    "can_be_marked",
    "close_reports",
    "draft_judged",
    "file_report",
    "filed_before",
    "hold_records",
    "lift_limit",
    "mark_bad_faith",
    "may_be_public",
    "must_be_confidential",
    "outcome_given",
    "reopen_reports",
    "withdraw_marks",
]
