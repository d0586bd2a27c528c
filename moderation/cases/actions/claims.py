from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.clock import Now
from foundation.errors import Refused
from moderation.cases.models import Case
from moderation.cases.permissions import require_no_stake, require_team
from moderation.cases.queries import decidable_by

# How long a claim lasts without being renewed; an open page renews it (D4).
LEASE = timedelta(minutes=10)


class ClaimedByOther(Refused):
    """Somebody else works on the case; says who."""

    code = "claimed"

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(_("%(person)s is working on this case.") % {"person": case.assignee})


@transaction.atomic
def claim(case: Case, *, actor: User) -> Case:
    """Take the case for ten minutes; claiming an own one renews it. Raises Forbidden, ClaimedByOther, Refused."""
    require_team(actor)
    require_no_stake(case, actor)
    free = Q(assignee=None) | Q(assignee=actor) | Q(lease_until__lte=Now())
    taken = Case.objects.filter(free, pk=case.pk, state=Case.State.OPEN)
    if not taken.update(assignee=actor, lease_until=Now() + LEASE):
        case.refresh_from_db()
        if case.state != Case.State.OPEN:
            raise Refused(_("This case was decided meanwhile."), code="decided")
        raise ClaimedByOther(case)
    case.refresh_from_db()
    return case


def renew(case: Case, *, actor: User) -> bool:
    """Prolong an own claim that still holds; returns whether it does. An open page calls this every few minutes."""
    held = Case.objects.filter(pk=case.pk, assignee=actor, lease_until__gt=Now(), state=Case.State.OPEN)
    return bool(held.update(lease_until=Now() + LEASE))


def release(case: Case, *, actor: User) -> None:
    """Give an own claim back; one of somebody else stays."""
    Case.objects.filter(pk=case.pk, assignee=actor).update(assignee=None, lease_until=None)


@transaction.atomic
def claim_next(*, actor: User) -> Case | None:
    """Claim the first case of the queue that nobody holds and that is not about `actor`; None when there is none."""
    require_team(actor)
    free = Q(assignee=None) | Q(lease_until__lte=Now())
    candidates = decidable_by(Case.objects.filter(free, state=Case.State.OPEN), actor)
    case = candidates.select_for_update(skip_locked=True, of=("self",)).order_by("rank", "id").first()
    return claim(case, actor=actor) if case else None
