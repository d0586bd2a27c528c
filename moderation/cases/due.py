"""Moments at which a case must be looked at again; the nearest one of the team's is the case's `due_at` (D2, I1)."""

from datetime import datetime

from django.db.models import Min

from foundation import bells, clock
from moderation.cases.models import Case, Deadline, Party


def expect(row: Case, kind: str, at: datetime, *, party: Party | None = None) -> Deadline:
    """Have something looked at or ended at `at`; the caller holds `row` locked. Acted on by cases.deadlines."""
    deadline = Deadline.objects.create(case=row, kind=Deadline.Kind(kind), due_at=at, party=party)
    bells.ring("deadlines")
    _set_due(row)
    return deadline


def settle(row: Case, *kinds: str, party: Party | None = None) -> None:
    """Nobody waits any more for deadlines of these kinds, of all kinds where none is named; `row` is locked."""
    waiting = Deadline.objects.filter(case=row, settled_at=None)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    if party is not None:
        waiting = waiting.filter(party=party)
    waiting.update(settled_at=clock.now())
    _set_due(row)


def expects(row: Case, kind: str) -> bool:
    """Whether a deadline of this kind is waited for."""
    return Deadline.objects.filter(case=row, kind=kind, settled_at=None).exists()


def revive(row: Case, *, since: datetime) -> None:
    """Wait again for what a decision settled at `since` or after, at the moments it had; `row` is locked and open."""
    kinds = (Deadline.Kind.DECIDE, Deadline.Kind.WINDOW)
    settled = Deadline.objects.filter(case=row, kind__in=kinds, settled_at__gte=since)
    for deadline in settled.select_related("party").order_by("pk"):
        # A new row: one whose moment passed meanwhile has done its work, by doing nothing.
        expect(row, deadline.kind, deadline.due_at, party=deadline.party)


def _set_due(row: Case) -> None:
    looked_at = Deadline.objects.filter(case=row, kind__in=Deadline.LOOKED_AT, settled_at=None)
    row.due_at = looked_at.aggregate(first=Min("due_at"))["first"]
    if row.parked and row.due_at and row.parked_until and row.due_at < row.parked_until:
        row.parked_until = row.due_at  # nothing waits outside of the queue longer than that
    row.save(update_fields=["due_at", "parked_until"])
