"""What a second moderator is asked to confirm."""

from dataclasses import dataclass
from datetime import datetime

from moderation.cases.models import Case, Confirmation
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure


@dataclass(frozen=True)
class Consequence:
    """A measure of the decision: what it means for whom it affects, and whether it `holds` already."""

    label: str
    consequence: str
    holds: bool


def consequences_of(case: Case, second: Confirmation, now: datetime) -> list[Consequence]:
    """Every measure of the decision that waits, in the decision's order; one query."""
    held = {one.kind: one for one in Measure.objects.standing().filter(subject=case.subject)}
    lines = []
    for code in second.decision.event.data["measures"]:
        kind = KINDS[code]
        measure = held.get(code) or Measure(
            kind=code,
            subject=case.subject,
            person=kind.person(case.subject),
            ends_at=now + kind.lasts if kind.lasts else None,
        )
        lines.append(Consequence(kind.label, str(kind.consequence(measure)), code in held))
    return lines
