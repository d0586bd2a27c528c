"""What was asked of an owner: it ends with its case, and is asked again where the decision is taken back (E1)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from foundation import changes, clock
from moderation.sanctions.measures import KINDS
from moderation.sanctions.measures.owner_request import AskOwner
from moderation.sanctions.models import Measure


def standing_requests(subject: int) -> QuerySet[Measure]:
    """What is asked about the subject with this id now, in the order in which it was asked."""
    rows = Measure.objects.standing().filter(subject=subject, owner_request__isnull=False).exclude(until_done="")
    return rows.select_related("owner_request", "discussion", "clause", "actor", "lifted_by").order_by("pk")


@transaction.atomic
def end_requests(subject: int, *, at: datetime) -> list[Measure]:
    """Nobody asks for anything about the subject with this id any more: decided about at `at`; returns what ended."""
    found = list(standing_requests(subject))
    _change_end(found, at)
    return found


@transaction.atomic
def resume_requests(subject: int, *, ended_at: datetime) -> list[Measure]:
    """Ask again for what ended at exactly this moment, and return it: what was decided then was taken back."""
    rows = Measure.objects.filter(subject=subject, owner_request__isnull=False, ends_at=ended_at, lifted_at=None)
    found = list(rows.select_related("subject", "owner_request", "discussion", "actor", "lifted_by").order_by("pk"))
    _change_end(found, None)
    if found and (repository := found[0].subject.repository_id):
        # The owner may have done it, or undone it, while nobody asked.
        changes.tell("repository.changed", repository, actor_id=None)
    return found


@transaction.atomic
def tick(measure: Measure, *, met: bool) -> bool:
    """Tick a standing request off, or take the tick back; returns whether that changed anything."""
    kind, asked = KINDS[measure.kind], measure.owner_request
    assert isinstance(kind, AskOwner)
    assert asked is not None
    if (asked.met_at is not None) == met:
        return False
    kind.tick(measure, clock.now() if met else None)
    return True


def _change_end(rows: list[Measure], at: datetime | None) -> None:
    for measure in rows:
        measure.ends_at = at
        measure.save(update_fields=["ends_at"])
        KINDS[measure.kind].change_end(measure, at)
