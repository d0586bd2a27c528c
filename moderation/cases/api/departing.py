"""The warning that a decision departs from its precedents, for programs that want it (D6)."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder
from moderation.cases.models import Case
from moderation.cases.precedents import departs, similar_decided

OTHERWISE = _("Similar cases were decided otherwise. If this one is different, say so, and say why in your words.")


def departs_knowingly(
    case: Case, warned: bool | None, outcome: str, measures: Sequence[MeasureOrder], *, actor: User
) -> bool:
    """Whether a verdict departs from the precedents of an open case and its moderator says to know that.

    `warned` is None where nobody asked for the warning: then nothing is compared. Raises Refused (409, `departs`) for a
    departure that the moderator does not know of.
    """
    if warned is None or case.state != Case.State.OPEN:
        return False
    if departs(outcome, [one.kind for one in measures], similar_decided(case, actor)) is None:
        return False
    if not warned:
        raise Refused(OTHERWISE, code="departs")
    return True
