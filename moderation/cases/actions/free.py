"""Whether somebody may work on a case at this moment, or another holds it (D4)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases.models import Case


class ClaimedByOther(Refused):
    """Somebody else works on the case; says who."""

    code = "claimed"

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(_("%(person)s is working on this case.") % {"person": case.assignee})


def require_free(row: Case, actor: User, now: datetime | None = None) -> None:
    """Raise ClaimedByOther where somebody else holds the case at `now`, the present moment.

    A claim ends with its time, and at once with the part in the team of whoever has it (M2). No query where nobody
    else's time runs.
    """
    if works_on(row, actor, now) is not None:
        raise ClaimedByOther(row)


def works_on(row: Case, viewer: User, now: datetime | None = None) -> User | None:
    """Who else than `viewer` holds the case at `now`, the present moment; None where nobody does."""
    if row.assignee_id in (None, viewer.pk) or row.lease_until is None or row.lease_until <= (now or clock.now()):
        return None
    return row.assignee if row.assignee is not None and row.assignee.is_team else None
