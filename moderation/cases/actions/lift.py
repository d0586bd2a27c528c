import uuid

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions import send_letters
from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases import due
from moderation.cases.actions.asking import wait_no_more
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.letters_of_lifting import draft_lifting
from moderation.cases.models import Case, Deadline, Decision
from moderation.cases.naming import require_discreet
from moderation.cases.permissions import require_impartial
from moderation.cases.priority import update_priority
from moderation.cases.queries import is_own
from moderation.sanctions.actions import lift
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure

LIFTED = "measure.lifted"


@transaction.atomic
def lift_measure(
    measure: Measure,
    *,
    reason: str,
    actor: User,
    tell: bool = True,
    naming: bool = False,
    request_id: uuid.UUID | None = None,
) -> Measure:
    """Undo a measure exactly and say so where it was decided and to whom it concerned (E5, G1).

    With a warning what it brought along, as far as that holds; a consequence can be lifted without the others (F2).
    Without `tell` the caller chose each of several measures, looked at the words, and writes to those whom they
    concerned. `naming` confirms that a name in the words may stay (C2). Raises Forbidden without the permission and for
    a measure on something of one's own, NamesSomebody, GivesAway, Refused when it holds no more or
    belongs to no case. A repeated
    `request_id` does nothing more.
    """
    of_case = Q(decisions__measures=measure) | Q(decisions__confirmation__hold=measure)
    if KINDS[measure.kind].asks:  # what is asked of an owner belongs to the open case
        of_case = Q(subject=measure.subject_id, kind=Case.Kind.REVIEW, state=Case.State.OPEN)
    cases = Case.objects.filter(of_case).order_by("pk").values("pk")
    rows = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("clause", "subject")
        .filter(pk__in=cases)
        .order_by("pk")
    )
    done = {"measure": measure.public_id.hex}
    if rows and was_done(rows[0], LIFTED, request_id, data=done, text=reason, actor=actor):
        measure.refresh_from_db()
        return measure
    if not actor.is_system:
        if is_own(measure.subject, actor):
            raise Forbidden(_("This is your own content. Somebody else has to decide about it."))
        if not rows and _stands(measure):
            # Nobody could look whether they may, and nothing would tell of it.
            raise Refused(_("This belongs to no case, so it cannot be lifted here."), code="no_case")
        for row in rows:
            require_impartial(row, actor)
            if tell:
                require_discreet(row, reason, confirmed=naming)
    parts = list(measure.parts.standing().order_by("pk")) if tell and KINDS[measure.kind].brings else []
    for one in (measure, *parts):
        lift(one, reason=reason, actor=actor)
        for row in rows:
            note_lifting(row, one, actor=actor, request_id=request_id)
    for row in rows:
        nothing_left_to_review(row)
        if KINDS[measure.kind].asks:
            wait_no_more(row)
    if tell:
        tell_about_lifting(measure, *parts, actor=actor)
    return measure


def _stands(measure: Measure) -> bool:
    return Measure.objects.standing().filter(pk=measure.pk).exists()


def note_lifting(
    row: Case,
    measure: Measure,
    *,
    actor: User,
    moves: bool = True,
    request_id: uuid.UUID | None = None,
    by: Decision | None = None,
) -> None:
    """The event of a lifted measure in a case whose row the caller holds locked; `by` is the decision that ended it."""
    said = {"decision": by.public_id.hex} if by else {}
    data = marked({"measure": measure.public_id.hex, "kind": measure.kind, **said}, request_id)
    record(row, LIFTED, actor=actor, data=data, text=measure.lift_reason, moves=moves, seals=[measure])


def nothing_left_to_review(row: Case) -> None:
    """A case climbs no further for the review of an interim measure that holds no more (I1)."""
    waiting = Measure.objects.standing().filter(decisions__case=row, interim=True)
    if row.state == Case.State.OPEN and due.expects(row, Deadline.Kind.INTERIM_REVIEW) and not waiting.exists():
        due.settle(row, Deadline.Kind.INTERIM_REVIEW)
        update_priority(row, clock.now())


def tell_about_lifting(measure: Measure, *parts: Measure, actor: User) -> None:
    """Everybody whom the measure affected hears that it, and these parts of it, hold no more."""
    send_letters(draft_lifting(measure, *parts, reason=measure.lift_reason), actor=actor)
