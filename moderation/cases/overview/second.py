"""What a second moderator is asked to confirm."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from moderation.cases.actions.orders import orders_of
from moderation.cases.models import Case, Confirmation
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject
from repositories.models import Condition


@dataclass(frozen=True)
class Consequence:
    """A measure of the decision: what it means for whom it affects, and whether it `holds` already."""

    label: str
    consequence: str
    holds: bool


def consequences_of(case: Case, second: Confirmation, now: datetime) -> list[Consequence]:
    """Every measure of the decision that waits, in the decision's order, and its conditions; one query."""
    held = {one.kind: one for one in Measure.objects.standing().filter(subject=case.subject)}
    lines = []
    for order in orders_of(second.decision.event.data):
        code, kind = order.kind, KINDS[order.kind]
        measure = held.get(code) or Measure(
            kind=code,
            subject=case.subject,
            person=kind.person(case.subject),
            ends_at=order.end(now) or (now + kind.lasts if kind.lasts else None),
            until_done=order.until_done,
        )
        lines.append(Consequence(kind.label, str(kind.consequence(measure)), code in held))
        for part, about in kind.parts(case.subject, order.consequences):
            lines.append(_part(part, about, case, now, held))
    for condition in second.decision.event.data.get("conditions", ()):
        lines.append(Consequence(_("on a condition"), str(Condition(condition).label), holds=False))
    return lines


def _part(code: str, about: Subject, case: Case, now: datetime, held: dict[str, Measure]) -> Consequence:
    """A consequence that comes along with a measure (F2)."""
    kind = KINDS[code]
    ends_at = now + kind.lasts if kind.lasts else None
    measure = Measure(kind=code, subject=about, person=case.subject.author, ends_at=ends_at)
    return Consequence(kind.label, str(kind.consequence(measure)), about == case.subject and code in held)
