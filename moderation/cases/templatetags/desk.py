"""Small things that the team's templates need."""

from collections.abc import Mapping
from datetime import datetime

from django import template

from moderation.cases.actions.undo import UNDO_WITHIN
from moderation.cases.models import Case, Decision

register = template.Library()


@register.filter
def of(numbers: Mapping[str, int], name: str) -> int:
    """The number of `name`, 0 where there is none."""
    return numbers.get(name, 0)


@register.filter
def undoable(decision: Decision | None, now: datetime) -> bool:
    """Whether a decision is fresh enough to be taken back; what stands in the way is asked under the lock."""
    if decision is None or decision.interim or decision.undone_at or decision.case.state != Case.State.DECIDED:
        return False
    return now <= decision.decided_at + UNDO_WITHIN
