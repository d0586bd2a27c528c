"""Legal holds: while one stands, nothing about its subject is destroyed, whatever was decided or is due (M2)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import bells, clock
from foundation.errors import Forbidden, Refused
from moderation.cases.actions.locking import lock_newest
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION
from moderation.cases.events import record
from moderation.subjects.legal_holds import standing
from moderation.subjects.models import LegalHold, Subject

PERMISSION = "subjects.add_legalhold"


@transaction.atomic
def place_legal_hold(subject: Subject, *, reason: str, actor: User) -> LegalHold:
    """From now on nothing about `subject` is destroyed; what was being destroyed stops before its next step.

    Nor of what has the same words, the discussion that a comment opens or the comment that opens a discussion.

    Raises Forbidden for all but administrators, Refused without a reason and where a hold stands already.
    """
    _require(actor, reason)
    # Locked first: whoever destroys holds it too, and asks then.
    case = lock_newest(subject)
    if standing().filter(subject=subject).exists():
        raise Refused(_("A legal hold stands on this already."), code="exists")
    hold = LegalHold.objects.create(subject=subject, reason=reason.strip(), placed_by=actor, placed_at=clock.now())
    if case is not None:
        record(case, "legal_hold.placed", actor=actor, data={"hold": hold.public_id.hex}, text=reason, moves=False)
    return hold


@transaction.atomic
def lift_legal_hold(hold: LegalHold, *, reason: str, actor: User) -> LegalHold:
    """Let what is due, or was ordered, be destroyed. Raises Forbidden, Refused without a reason or when it is over."""
    _require(actor, reason)
    case = lock_newest(hold.subject)
    if not standing().filter(pk=hold.pk).update(lifted_at=clock.now(), lifted_by=actor):
        raise Refused(_("This legal hold was lifted before."), code="not_standing")
    if case is not None:
        record(case, "legal_hold.lifted", actor=actor, data={"hold": hold.public_id.hex}, text=reason, moves=False)
    bells.ring("erase")
    bells.ring("destroy_evidence")
    bells.ring("erase_appeals")
    hold.refresh_from_db()
    return hold


def _require(actor: User, reason: str) -> None:
    if not (actor.is_system or actor.has_perm(PERMISSION)):
        raise Forbidden(_("Only administrators can place and lift legal holds."))
    if len(reason.strip()) < SHORTEST_EXPLANATION:
        raise Refused(_("Say in a sentence who asks for it, and under which number."), code="invalid", status=400)
