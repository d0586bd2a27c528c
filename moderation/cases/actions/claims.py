from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.clock import Now
from foundation.errors import Refused
from moderation.cases.models import Case, Confirmation
from moderation.cases.permissions import require_impartial, require_no_stake, require_team
from moderation.cases.stakes import stakes_of
from moderation.cases.walking import take_first

# How long a claim lasts without being renewed; an open page renews it (D4).
LEASE = timedelta(minutes=10)
# A case that was handed over is kept for longer than that: nothing makes a lease shorter.
LONGER = Greatest("lease_until", Now() + LEASE)
# Who says what a person is granted in a query over many: ours asks for one of them.
_GRANTS = "django.contrib.auth.backends.ModelBackend"


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
    if row.assignee_id in (None, actor.pk) or row.lease_until is None or row.lease_until <= (now or clock.now()):
        return
    if row.assignee is not None and row.assignee.is_team:
        raise ClaimedByOther(row)


def free_claims() -> int:
    """Give back what people hold who left the team, so that lists and the next claim find it; returns how many (M2)."""
    team = User.objects.with_perm("cases.view_queue", backend=_GRANTS)
    held = Case.objects.filter(assignee__isnull=False).exclude(assignee__in=team)
    with transaction.atomic():
        keys = list(held.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
        return Case.objects.filter(pk__in=keys).update(assignee=None, lease_until=None)


@transaction.atomic
def claim(case: Case, *, actor: User) -> Case:
    """Take the case for ten minutes; claiming an own one renews it. Raises Forbidden, ClaimedByOther, Refused."""
    require_team(actor)
    own = stakes_of(actor)
    require_impartial(case, actor, own)
    waiting = Confirmation.objects.filter(decision__case=case, state=Confirmation.State.WAITING, first_decider=actor)
    if waiting.exists():
        raise Refused(_("You decided this yourself. Somebody else has to look at it."), code="second")
    free = Q(assignee=None) | Q(assignee=actor) | Q(lease_until__lte=Now())
    taken = Case.objects.filter(pk=case.pk, state=Case.State.OPEN)
    if not taken.filter(free).update(assignee=actor, lease_until=LONGER):
        case.refresh_from_db()
        if case.state != Case.State.OPEN:
            raise Refused(_("This case was decided meanwhile."), code="decided")
        require_free(case, actor)
        if not taken.filter(free | Q(assignee=case.assignee)).update(assignee=actor, lease_until=Now() + LEASE):
            case.refresh_from_db()
            raise ClaimedByOther(case)  # somebody else was faster
    case.refresh_from_db()
    require_no_stake(case, actor, own)  # it came into another lane, or to another owner, since it was read
    return case


def renew(case: Case, *, actor: User) -> bool:
    """Prolong an own claim that still holds; returns whether it does. An open page calls this every few minutes."""
    held = Case.objects.filter(pk=case.pk, assignee=actor, lease_until__gt=Now(), state=Case.State.OPEN)
    return bool(held.update(lease_until=LONGER))


def release(case: Case, *, actor: User, leaving: bool = False) -> None:
    """Give an own claim back; one of somebody else stays, and on `leaving` a page one that holds for longer."""
    mine = Case.objects.filter(pk=case.pk, assignee=actor)
    if leaving:
        mine = mine.filter(lease_until__lte=Now() + LEASE)
    mine.update(assignee=None, lease_until=None)


def claim_next(*, actor: User) -> Case | None:
    """Claim the first case of the queue that is free and for `actor`; None when there is none.

    What `actor` has a stake in is left to others, and so are clauses that they opted out of (D5).
    """
    require_team(actor)
    return take_first(actor, LEASE)
