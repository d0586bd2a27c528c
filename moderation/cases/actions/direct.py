from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions.decide import decide
from moderation.cases.actions.following import lock_decided_at_once
from moderation.cases.actions.looked_at import case_of
from moderation.cases.actions.orders import MeasureOrder, said_in_public
from moderation.cases.models import Decision
from moderation.cases.naming import require_discreet
from moderation.cases.priority import update_priority
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of


@transaction.atomic
def decide_directly(
    target: Any,
    *,
    kind: str,
    clause: Clause,
    reason: str,
    actor: User,
    override: str = "",
    insufficient: str = "",
    lasts: timedelta | None = None,
    consequences: tuple[str, ...] = (),
    until_done: str = "",
    naming: bool = False,
) -> Decision:
    """Impose a measure on something nobody need have reported: snapshot, case and decision in one step (E5, C8).

    For the commands of operators: what they decide on the server needs no second moderator. In the moderated track
    `override` says why it cannot wait for the owner (D2), `insufficient` why a request to it does not suffice (E3).
    `lasts` is how long, where that is chosen, or `until_done` what the owner has to do for it to end (E5);
    `consequences` are what it brings along (F2). `naming` confirms that the words may stay although they hold a name of
    somebody who reported it, or words of a confidential report (C2).

    An open case of it is joined and decided with everything that was reported. Raises what `decide` raises, and
    Refused when such a measure holds already; NamesSomebody and GivesAway as for everybody else.
    """
    subject = subject_of(target)
    case = case_of(subject, clause=clause, actor=actor)
    lock_decided_at_once(case, clause)
    # Whose it is, which says who must not decide it, comes into a new case with its priority.
    update_priority(case, clock.now())
    if Measure.objects.standing().filter(subject=subject, kind=kind, interim=False).exists():
        raise Refused(_("Such a measure holds already. Lift it first, or let it be."), code="exists")
    measures = [MeasureOrder(kind, lasts=lasts, consequences=consequences, until_done=until_done)]
    require_discreet(case, reason, confirmed=naming, in_public=said_in_public(clause, measures))
    return decide(
        case,
        actor=actor,
        version=case.version,
        outcome=Decision.Outcome.VIOLATION,
        clause=clause,
        measures=measures,
        explanation=reason,
        by_operator=True,
        override=override,
        insufficient=insufficient,
    )
