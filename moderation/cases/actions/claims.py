from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import system_actor
from foundation.clock import Now
from foundation.compiled import Compiled
from foundation.errors import Refused
from foundation.rows import update
from moderation.cases.actions.free import require_free
from moderation.cases.actions.repeats import marked
from moderation.cases.as_locked import take_over
from moderation.cases.events import record
from moderation.cases.models import Case, Confirmation
from moderation.cases.permissions import require_impartial, require_no_stake, require_team
from moderation.cases.queries import CLAIMED, RELEASED
from moderation.cases.stakes import stakes_of
from moderation.cases.walking import lock_first

# How long a claim lasts without being renewed; an open page renews it (D4).
LEASE = timedelta(minutes=10)
# A case that was handed over is kept for longer than that: nothing makes a lease shorter.
LONGER = Greatest("lease_until", Now() + LEASE)
# Who says what a person is granted in a query over many: ours asks for one of them.
_GRANTS = "django.contrib.auth.backends.ModelBackend"


def free_claims() -> int:
    """Give back what people hold who left the team, so that lists and the next claim find it; returns how many (M2)."""
    team = User.objects.with_perm("cases.view_queue", backend=_GRANTS)
    held = Case.objects.filter(assignee__isnull=False).exclude(assignee__in=team)
    with transaction.atomic():
        rows = list(held.select_for_update(of=("self",), no_key=True).order_by("pk"))
        for row in rows:
            _give_back(row, system_actor())
    return len(rows)


@transaction.atomic
def claim(case: Case, *, actor: User) -> Case:
    """Take the case for ten minutes; claiming an own one renews it. Raises Forbidden, ClaimedByOther, Refused.

    That somebody took it is an event (J6). A renewal is none: an open page renews every few minutes, and whose it is
    does not change by it.
    """
    require_team(actor)
    own = stakes_of(actor)
    require_impartial(case, actor, own)
    waiting = Confirmation.objects.filter(decision__case=case, state=Confirmation.State.WAITING, first_decider=actor)
    if waiting.exists():
        raise Refused(_("You decided this yourself. Somebody else has to look at it."), code="second")
    row, now = _locked(case)
    if row.state != Case.State.OPEN:
        take_over(case, row)
        raise Refused(_("This case was decided meanwhile."), code="decided")
    require_free(row, actor, now)
    until = row.lease_until if row.assignee_id == actor.pk else None
    row.assignee, row.lease_until = actor, max(until or now, now + LEASE)
    if until is not None and until > now:
        update(row, "lease_until")
    else:
        record(row, CLAIMED, actor=actor, moves=False, at=now, also=("assignee", "lease_until"))
    take_over(case, row)
    case.assignee = actor
    require_no_stake(case, actor, own)  # it came into another lane, or to another owner, since it was read
    return case


def renew(case: Case, *, actor: User) -> bool:
    """Prolong an own claim that still holds; returns whether it does. An open page calls this every few minutes."""
    held = Case.objects.filter(pk=case.pk, assignee=actor, lease_until__gt=Now(), state=Case.State.OPEN)
    return bool(held.update(lease_until=LONGER))


@transaction.atomic
def release(case: Case, *, actor: User, leaving: bool = False) -> None:
    """Give an own claim back; one of somebody else stays, and on `leaving` a page one that holds for longer."""
    row, now = _locked(case)
    if row.assignee_id != actor.pk or (leaving and row.lease_until is not None and row.lease_until > now + LEASE):
        return
    _give_back(row, actor, now)


def _locked(case: Case) -> tuple[Case, datetime]:
    """The row of `case`, locked, and the present moment; one query."""
    row = _row.first(case.pk)
    if row is None:
        raise Case.DoesNotExist
    now: datetime = row.present  # type: ignore[attr-defined]
    return row, now


@Compiled
def _row(key: int) -> QuerySet[Case]:
    return Case.objects.annotate(present=Now()).select_for_update(of=("self",), no_key=True).filter(pk=key)


def _give_back(row: Case, actor: User, at: datetime | None = None) -> None:
    row.assignee, row.lease_until = None, None
    record(row, RELEASED, actor=actor, moves=False, at=at, also=("assignee", "lease_until"))


@transaction.atomic
def claim_next(*, actor: User, request_id: UUID | None = None) -> Case | None:
    """Claim the first case of the queue that is free and for `actor`; None when there is none.

    What `actor` has a stake in is left to others, and so are clauses that they opted out of (D5). A repeated
    `request_id` takes no other one while the first is held.
    """
    require_team(actor)
    if request_id and (held := _taken_by(request_id, actor)):
        return held
    found = lock_first(actor)
    if found is None:
        return None
    row, now = found
    take(row, actor, now, request_id)
    return row


def _taken_by(request_id: UUID, actor: User) -> Case | None:
    """What `actor` took by this request and still holds; of two at once the second waits for what the first takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"claim:{request_id.hex}"])
    mine = Case.objects.filter(assignee=actor, lease_until__gt=Now(), state=Case.State.OPEN)
    return mine.filter(events__kind=CLAIMED, events__actor=actor, events__data__request=request_id.hex).first()


def take(row: Case, actor: User, now: datetime, request_id: UUID | None = None) -> None:
    """Let `actor` have the case, whose row is locked and free at `now`; one statement."""
    row.assignee, row.lease_until = actor, now + LEASE
    also = ("assignee", "lease_until")
    record(row, CLAIMED, actor=actor, data=marked({}, request_id), moves=False, at=now, also=also)
