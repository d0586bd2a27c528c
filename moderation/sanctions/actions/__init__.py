from moderation.sanctions.actions.conditions import draft_conditions, note_kept, standing_conditions, withdraw
from moderation.sanctions.actions.measures import (
    apply_parts_unsaved,
    apply_unsaved,
    as_decided_before,
    confirm,
    impose,
    lift,
    lift_all,
    wait_for_look,
)
from moderation.sanctions.actions.requests import end_requests, resume_requests, standing_requests, tick
from moderation.sanctions.actions.statements import draft_statements, issue_statements

__all__ = [
    "apply_parts_unsaved",
    "apply_unsaved",
    "as_decided_before",
    "confirm",
    "draft_conditions",
    "draft_statements",
    "end_requests",
    "impose",
    "issue_statements",
    "lift",
    "lift_all",
    "note_kept",
    "resume_requests",
    "standing_conditions",
    "standing_requests",
    "tick",
    "wait_for_look",
    "withdraw",
]
