import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Comment, Discussion
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases.actions.decide import decide
from moderation.cases.actions.following import lock_decided_at_once
from moderation.cases.actions.looked_at import case_of
from moderation.cases.actions.notes import add_note
from moderation.cases.actions.orders import MeasureOrder
from moderation.cases.models import Case, Decision
from moderation.cases.permissions import require_team
from moderation.cases.precedents import Departure, similar_decided
from moderation.cases.precedents import departs as departs_from
from moderation.cases.priority import update_priority
from moderation.cases.queries import open_to
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of

# What a moderator does where it happened, and to what.
ON_THE_SPOT: dict[str, type[Comment] | type[Discussion]] = {
    Measure.Kind.HIDE_COMMENT.value: Comment,
    Measure.Kind.CLOSE_DISCUSSION.value: Discussion,
    Measure.Kind.LOCK_DISCUSSION.value: Discussion,
}


@transaction.atomic
def decide_on_the_spot(
    target: Comment | Discussion,
    *,
    kind: str,
    clause: Clause,
    explanation: str,
    actor: User,
    note: str = "",
    request_id: uuid.UUID | None = None,
    departs: bool = False,
    naming: bool = False,
) -> Decision:
    """Hide a comment, or close or lock a discussion, where a moderator comes across it (B3, E4, G1).

    A decision like every other: the open case of it is joined and decided with everything that was reported, else one
    is opened; whoever wrote it gets the reasons and can contest them. `note` is for the team only. A `request_id` that
    is repeated returns the decision it made before. `departs` says that the moderator knows of precedents that were
    decided otherwise (D6), `naming` that a name in the words may stay where not everybody reads them (C2).

    Raises Forbidden for who may not decide it, Refused for another kind and where such a measure holds already, and
    what `decide` raises.
    """
    require_team(actor)
    if ON_THE_SPOT.get(kind) is not type(target):
        raise Refused(_("Choose what to do."), code="invalid", status=400)
    subject = subject_of(target)
    request_id = request_id or uuid.uuid4()
    if known := _decided_before(request_id, subject.pk, kind, actor):
        return known
    case = case_of(subject, clause=clause, actor=actor)
    # Sent twice at once, the second waited for the first: what it decided is read under the lock.
    if known := _decided_before(request_id, subject.pk, kind, actor):
        transaction.set_rollback(True)  # the first decided the case that was open, so this opened an empty one
        return known
    lock_decided_at_once(case, clause)
    # Whose it is, which says who must not decide it, comes into a new case with its priority.
    update_priority(case, clock.now())
    if not open_to(Case.objects.filter(pk=case.pk), actor).exists():
        # Why is nobody's to know who may not see the case (C9).
        raise Forbidden(_("Somebody else of us has to decide about this."))
    if Measure.objects.standing().filter(subject=subject, kind=kind, interim=False).exists():
        raise Refused(_("Such a measure holds already. Lift it first, or let it be."), code="exists")
    if note.strip():
        add_note(case, text=note, actor=actor, request_id=request_id)
    return decide(
        case,
        actor=actor,
        version=case.version,
        outcome=Decision.Outcome.VIOLATION,
        clause=clause,
        measures=[MeasureOrder(kind)],
        explanation=explanation,
        request_id=request_id,
        departs=departs,
        naming=naming,
    )


def departure_on_the_spot(target: Comment | Discussion, kind: str, actor: User) -> Departure | None:
    """The precedents from which deciding so would depart; None where nothing of it was read yet (D6).

    What was reported of it is compared: the open case's, which the decision joins.
    """
    name = "comment" if isinstance(target, Comment) else "discussion"
    cases = Case.objects.filter(**{f"subject__{name}": target}, kind=Case.Kind.REVIEW, state=Case.State.OPEN)
    case = open_to(cases, actor).first()
    return departs_from(Decision.Outcome.VIOLATION, [kind], similar_decided(case, actor)) if case else None


def _decided_before(request_id: uuid.UUID, subject: int, kind: str, actor: User) -> Decision | None:
    """What this request decided. Raises Refused where the id was used for something else."""
    known = Decision.objects.filter(request_id=request_id).select_related("case", "event").first()
    if known is None:
        return None
    said = (known.actor_id, known.case.subject_id, known.event.data["measures"])
    if said != (actor.pk, subject, [kind]):
        raise Refused(_("This form was sent before for something else. Reload the page and decide again."), code="sent")
    known.made_before = True
    return known
