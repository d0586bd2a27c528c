"""The lane of a case: what to do there, who is at risk, where else it could go; what is locked away (C6, C9, C10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import translation

from accounts.models import User
from moderation.cases.actions.at_risk import AGAIN_AFTER, SUPPORT_SENT, letter
from moderation.cases.lane_forms import EscalateForm, KeepForm, OpenForm
from moderation.cases.models import Case
from moderation.policy.models import Lane
from moderation.subjects.models import Quarantine, Snapshot

THREAT = "threat"


@dataclass(frozen=True)
class LanePart:
    """`written_at`: when we wrote to the person, None where that is over a day ago; `letter` is what we write."""

    lane: Lane | None
    person: User | None
    asks_for_care: bool
    written_at: datetime | None
    letter: str
    form: EscalateForm


@dataclass(frozen=True)
class LockedSnapshot:
    """A snapshot whose words are locked away, with the form that opens it once; `gone` when they were destroyed."""

    snapshot: Snapshot
    until: datetime
    kept: bool
    gone: bool
    form: OpenForm
    keep_form: KeepForm


def lane_part(case: Case, now: datetime) -> LanePart:
    """The lane of `case`, and what can be done with it; two queries."""
    lanes: QuerySet[Lane] = Lane.objects.order_by("order")
    person = case.subject.author
    care = case.at_risk or bool(case.lane and case.lane.code == THREAT)
    written = None
    text = ""
    if care and person is not None:
        sent = case.events.filter(kind=SUPPORT_SENT, at__gt=now - AGAIN_AFTER).order_by("-number")
        written = sent.values_list("at", flat=True).first()
        with translation.override(person.language):
            text = letter(person.language)
    return LanePart(case.lane, person, care and person is not None, written, text, EscalateForm(case=case, lanes=lanes))


def locked_snapshots(case: Case) -> list[LockedSnapshot]:
    """What is locked away of what `case` is about, newest first; one query, and none outside of such lanes."""
    if not (case.lane and case.lane.sealed):
        return []
    rows = Quarantine.objects.filter(snapshot__subject=case.subject_id, released_at=None).select_related("snapshot")
    return [
        LockedSnapshot(row.snapshot, row.due_at, row.legal_hold, row.done_at is not None, OpenForm(), _keep(row))
        for row in rows.order_by("-snapshot__taken_at", "-pk")[:20]
    ]


def find_locked(case: Case, snapshot_id: int) -> Snapshot | None:
    """One of them whose words can still be opened or were destroyed; None for every other one. One query."""
    if not (case.lane and case.lane.sealed):
        return None
    return Snapshot.objects.filter(subject=case.subject_id, pk=snapshot_id, quarantine__released_at=None).first()


def lanes_without_people() -> list[Lane]:
    """Lanes for a named role that nobody active has: what comes in there, nobody sees. One query."""
    active = Count("group__user", filter=Q(group__user__is_active=True))
    return list(Lane.objects.filter(group__isnull=False).annotate(people=active).filter(people=0).order_by("order"))


def _keep(row: Quarantine) -> KeepForm:
    values: dict[str, Any] = {"keep": not row.legal_hold}
    return KeepForm(initial=values)
