"""Letting an open case wait outside of the queue: snoozed, for an answer, for a second moderator.

It comes back by the clock: `queries.ready` asks for those whose time has come, whatever the workers do.
"""

from datetime import datetime

from moderation.cases.models import Case


def park(row: Case, reason: str, until: datetime) -> None:
    """Take the open case, whose row the caller holds locked, out of the queue; its claim is given back."""
    row.parked, row.parked_until = Case.Parked(reason), until
    row.assignee, row.lease_until = None, None
    row.save(update_fields=["parked", "parked_until", "assignee", "lease_until"])


def unpark(row: Case) -> None:
    """Bring the case, whose row the caller holds locked, back into the queue; nothing for one that is there."""
    if row.parked:
        row.parked, row.parked_until = "", None
        row.save(update_fields=["parked", "parked_until"])
