"""The second pair of eyes: a decision waits for another moderator, who confirms or declines it (D1)."""

import uuid

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import send_letters, write_to
from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases import due
from moderation.cases.actions.closing import conclude
from moderation.cases.actions.lift import note_lifting, tell_about_lifting
from moderation.cases.actions.orders import Verdict, orders_of
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION, require_current, require_support
from moderation.cases.actions.taking import take_at_once, take_measures
from moderation.cases.confirming import LEGAL_LANE, Guard
from moderation.cases.events import record, seal
from moderation.cases.events import words as words_of
from moderation.cases.letters_of_second import draft_notices
from moderation.cases.models import Case, Confirmation, Deadline, Decision
from moderation.cases.parking import park, unpark
from moderation.cases.permissions import require_decide, require_not_decided_before
from moderation.cases.priority import update_priority
from moderation.policy.models import Lane
from moderation.sanctions.actions import impose, lift
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure

HOLD = Measure.Kind.HOLD
CONFIRMED, DECLINED = "decision.confirmed", "decision.declined"
# Our fixed words, translated where they are shown.
HELD = gettext_noop("We hide this until a second member of our team has looked at it.")
TAKEN_BACK = gettext_noop("We looked at it again before it was final, and took it back.")


def wait_for_second(row: Case, decision: Decision, verdict: Verdict, guard: Guard, actor: User) -> Confirmation:
    """The decision waits for another moderator; the caller holds `row` locked.

    After: every measure holds at once. Before: the others hold at once, in the place of the guarded ones a hold where
    one fits. What a rule or a lane holds already, and what an earlier decision did, stays as it is until it is final:
    whoever declines leaves it so (C6, C9). For whom something holds, learns that, and that somebody else looks at it;
    of reasons and outcome nobody hears until it is confirmed, so that nobody hears two different things (G1).
    """
    waits = [one for one in verdict.measures if waits_for(guard, one.kind)]
    hold, words = None, verdict.explanation
    if guard.after:
        holding = take_at_once(row, decision, verdict.measures, words, actor, waits=True)
    else:
        at_once = [one for one in verdict.measures if one not in waits]
        holding = take_at_once(row, decision, at_once, words, actor, waits=True)
        hold = _hold(row, decision, actor)
    until = decision.decided_at + settings.SECOND_WITHIN
    send_letters(draft_notices(decision.public_id, [*holding, *([hold] if hold else [])], until), actor=actor)
    confirmation = Confirmation.objects.create(
        decision=decision,
        orders=[one.kind for one in waits],
        after=guard.after,
        hold=hold,
        due_at=until,
        first_decider=actor,
    )
    if guard.legal and not (row.lane and row.lane.group_id):
        row.lane = Lane.objects.filter(code=LEGAL_LANE).first() or row.lane
        row.save(update_fields=["lane"])
    due.expect(row, Deadline.Kind.SECOND, confirmation.due_at)
    park(row, Case.Parked.SECOND, confirmation.due_at)
    update_priority(row, decision.decided_at)
    seal(row, decision, confirmation, *holding, *([hold] if hold else []), actor=actor)
    return confirmation


def waits_for(guard: Guard, kind: str) -> bool:
    """Whether a measure of this kind waits to be confirmed, where the decision is not in force before (D1)."""
    return kind in guard.kinds or KINDS[kind].only_words


@transaction.atomic
def confirm_decision(
    confirmation: Confirmation, *, actor: User, version: int, note: str = "", request_id: uuid.UUID | None = None
) -> Decision:
    """Another moderator agrees: what waited holds, the case closes, statements and outcomes go out (D1, G1).

    `version` is the case's version that `actor` saw; `note` are words for the team. Raises Forbidden, StaleDecision,
    ClaimedByOther, or Refused when somebody was faster. A repeated `request_id` does nothing more.
    """
    row, waiting = _locked(confirmation)
    done = {"decision": waiting.decision.public_id.hex}
    if was_done(row, CONFIRMED, request_id, data=done, text=note, actor=actor):
        return waiting.decision
    _require_second(row, waiting, actor)
    require_current(row, version, actor)
    decision = waiting.decision
    # Somebody may have marked the person as at risk since it was decided (C10).
    require_support(row, decision.event.data["measures"])
    explanation = words_of(decision.event)
    if not explanation:
        raise Refused(_("The words of this decision were erased. Decline it, and decide anew."), code="erased")
    event = record(row, CONFIRMED, actor=actor, data=marked(done, request_id), text=note)
    # It counts, and can be contested, from when it takes effect.
    decision.decided_at = event.at
    decision.save(update_fields=["decided_at"])
    _settle(row, waiting, Confirmation.State.CONFIRMED, actor)
    _lift_hold(row, waiting, explanation, actor)
    # What was taken at once says its reasons from now on, and is not taken again; what a rule or a lane held is lifted.
    for measure in Measure.objects.standing().filter(decisions=decision).order_by("pk"):
        KINDS[measure.kind].say_why(measure)
    orders = orders_of(decision.event.data)
    taken = take_measures(row, decision, orders, explanation, actor)
    conclude(row, decision, taken, explanation, actor, beside=[waiting])
    confirmation.refresh_from_db()
    return decision


@transaction.atomic
def decline(confirmation: Confirmation, *, actor: User, reason: str, request_id: uuid.UUID | None = None) -> Decision:
    """Another moderator disagrees: what the decision put in force is lifted, the case is back in the queue (D1).

    `reason` is for the team; whoever decided is told that there is one. Raises Forbidden, ClaimedByOther, or Refused
    without a reason or when somebody was faster. A repeated `request_id` does nothing more.
    """
    if len(reason.strip()) < SHORTEST_EXPLANATION:
        raise Refused(_("Say in a sentence why you decline: whoever decided will read it."), code="invalid", status=400)
    row, waiting = _locked(confirmation)
    done = {"decision": waiting.decision.public_id.hex}
    if was_done(row, DECLINED, request_id, data=done, text=reason, actor=actor):
        return waiting.decision
    _require_second(row, waiting, actor)
    require_current(row, row.version, actor)
    decision = waiting.decision
    event = record(row, DECLINED, actor=actor, data=marked(done, request_id), text=reason)
    _settle(row, waiting, Confirmation.State.DECLINED, actor)
    decision.undone_at, decision.undone_by = event.at, actor
    decision.save(update_fields=["undone_at", "undone_by"])
    if hold := _lift_hold(row, waiting, TAKEN_BACK, actor):
        tell_about_lifting(hold, actor=actor)
    for measure in Measure.objects.standing().filter(decisions=decision).order_by("pk"):
        lift(measure, reason=TAKEN_BACK, actor=actor)
        note_lifting(row, measure, actor=actor, moves=False)
        # Who could not post, or found the files closed, learns that it was ended.
        tell_about_lifting(measure, actor=actor)
    unpark(row)
    due.settle(row, Deadline.Kind.SECOND)
    update_priority(row, event.at)
    seal(row, decision, waiting, actor=actor)
    _tell_decider(decision, actor)
    confirmation.refresh_from_db()
    return decision


def _locked(confirmation: Confirmation) -> tuple[Case, Confirmation]:
    """The case, locked, and its confirmation as it is now: of two at once the second finds what the first did."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    row = rows.get(decisions__confirmation=confirmation.pk)
    waiting = Confirmation.objects.select_related("decision__clause", "decision__event", "hold").get(pk=confirmation.pk)
    return row, waiting


def _require_second(row: Case, waiting: Confirmation, actor: User) -> None:
    require_decide(row, actor)
    require_not_decided_before(row, actor)
    if actor.is_system or actor.pk == waiting.first_decider_id:
        raise Forbidden(_("You decided this yourself. Somebody else has to look at it."))
    if waiting.state != Confirmation.State.WAITING:
        raise Refused(
            _("Somebody was faster: this decision is %(state)s.") % {"state": waiting.get_state_display()},
            code="settled",
        )


def _settle(row: Case, waiting: Confirmation, state: str, actor: User) -> None:
    waiting.state, waiting.actor, waiting.settled_at = state, actor, clock.now()
    waiting.save(update_fields=["state", "actor", "settled_at"])


def can_be_held(row: Case) -> bool:
    """Whether a hold fits what `row` is about, and none stands already."""
    if HOLD not in KINDS or not KINDS[HOLD].applies_to(row.subject):
        return False
    return not Measure.objects.standing().filter(subject=row.subject, kind=HOLD).exists()


def _hold(row: Case, decision: Decision, actor: User) -> Measure | None:
    """A hold until somebody else has looked; None where there can be none."""
    if not can_be_held(row):
        return None
    assert decision.clause is not None
    return impose(HOLD, row.subject, clause=decision.clause, reason=HELD, actor=actor)


def _lift_hold(row: Case, waiting: Confirmation, reason: str, actor: User) -> Measure | None:
    """The hold in the place of the decision is lifted; None where none stands any more."""
    hold = waiting.hold
    if hold is None or not Measure.objects.standing().filter(pk=hold.pk).exists():
        return None
    lift(hold, reason=reason, actor=actor)
    note_lifting(row, hold, actor=actor, moves=False)
    return hold


def _tell_decider(decision: Decision, actor: User) -> None:
    """Whoever decided hears that it was declined; the reason is read on the case's page, by the team only."""
    person = decision.actor
    with translation.override(person.language):
        write_to(
            person,
            key=f"declined:{decision.public_id}",
            subject=_("Your decision was not confirmed"),
            body=_("%(person)s declined it and wrote why. The case is back in the queue.") % {"person": actor.username},
            link=decision.case.get_absolute_url(),
            link_label=_("The case"),
            actor=actor,
        )
