"""Taking a decision back as a whole: its measures are lifted, its case is open again, all we told hear it (D4)."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases import due
from moderation.cases.actions.bulk import InTheWay, Obstacle, lock_together
from moderation.cases.actions.earlier import confirmed_by, ended_by, leave_as_before, take_again
from moderation.cases.actions.evidence import lock_away
from moderation.cases.actions.interim import hold_again, interim_before
from moderation.cases.actions.lift import note_lifting
from moderation.cases.actions.repeats import SentBefore, marked, require_same, was_done
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION
from moderation.cases.actions.standing import withdraw_of
from moderation.cases.events import record, seal
from moderation.cases.letters_of_undo import tell_everybody
from moderation.cases.models import BulkDecision, Case, Decision, Event
from moderation.cases.naming import can_be_confirmed, require_discreet
from moderation.cases.permissions import require_decide
from moderation.cases.priority import update_priority
from moderation.reports.actions import reopen_reports
from moderation.reports.models import Report
from moderation.sanctions.actions import lift, resume_requests
from moderation.sanctions.models import Measure, StatementOfReasons

UNDONE = "decision.undone"
# Afterwards people have acted on what we told them: then measures are lifted, one by one, and cases reopened.
UNDO_WITHIN = timedelta(hours=24)


@transaction.atomic
def undo_decision(
    decision: Decision, *, actor: User, reason: str, naming: bool = False, request_id: uuid.UUID | None = None
) -> Decision:
    """Take back a decision of the last 24 hours: its measures are lifted, its case and reports are open again.

    Exactly the measures it imposed or confirmed that still stand. What a rule or a lane held for the time being, and it
    lifted or confirmed, holds again as it did, until its own end; so does what an earlier decision of the case did
    (E5). `reason` is read by those whom the measures
    affected; `naming` confirms that a name in it may stay (C2). A repeated `request_id` does nothing more. Raises
    Forbidden, NamesSomebody, GivesAway, or Refused where somebody built on it meanwhile.
    """
    (row,) = lock_together([decision.case_id])
    done = {"decision": decision.public_id.hex}
    if not was_done(row, UNDONE, request_id, data=done, text=reason.strip(), actor=actor):
        _undo(row, decision, actor, reason, naming, request_id)
    decision.refresh_from_db()
    return decision


@transaction.atomic
def undo_bulk(
    bulk: BulkDecision,
    *,
    actor: User,
    reason: str,
    without: Sequence[int] = (),
    naming: bool = False,
    request_id: uuid.UUID | None = None,
) -> BulkDecision:
    """Take back every decision of a bulk, once, all or none; those of the cases `without` stay.

    `naming` confirms that a name in the reason may stay (C2). Raises InTheWay with what stands in the way, Refused when
    it was taken back before, and what `undo_decision` raises.
    """
    known = list(Decision.objects.filter(bulk=bulk).exclude(case__in=without).order_by("case"))
    rows = {row.pk: row for row in lock_together([one.case_id for one in known])}
    held = BulkDecision.objects.select_for_update().get(pk=bulk.pk)
    if held.undone_at is not None:
        if request_id and _was_undone(held, [one.case_id for one in known], request_id, actor, reason.strip()):
            bulk.refresh_from_db()
            return bulk
        raise Refused(_("This was taken back already."), code="undone")
    if not known:
        raise Refused(_("Nothing is left to take back."), code="empty", status=400)
    obstacles = []
    for decision in known:
        try:
            with transaction.atomic():
                _undo(rows[decision.case_id], decision, actor, reason, naming, request_id)
        except Refused as refusal:
            obstacles.append(Obstacle(rows[decision.case_id], refusal.message, can_be_confirmed(refusal)))
    if obstacles:
        raise InTheWay(obstacles)
    held.undone_at = clock.now()
    held.save(update_fields=["undone_at"])
    bulk.refresh_from_db()
    return bulk


def _was_undone(bulk: BulkDecision, cases: Sequence[int], request_id: uuid.UUID, actor: User, reason: str) -> bool:
    """Whether this request took `bulk` back. Raises SentBefore where it did so in other cases or with other words."""
    done = Event.objects.filter(case__decisions__bulk=bulk, kind=UNDONE, actor=actor, data__request=request_id.hex)
    found = list(done.distinct())
    if found and {one.case_id for one in found} != set(cases):
        raise SentBefore
    for one in found[:1]:
        require_same(one, {}, reason)
    return bool(found)


def _undo(row: Case, decision: Decision, actor: User, reason: str, naming: bool, request_id: uuid.UUID | None) -> None:
    if len(reason.strip()) < SHORTEST_EXPLANATION:
        raise Refused(_("Say in a sentence why we take it back: people will read it."), code="invalid", status=400)
    # As it is under the locks.
    decision = Decision.objects.select_related("actor").get(pk=decision.pk)
    _require_untouched(row, decision, actor)
    if StatementOfReasons.objects.filter(decision_id=decision.public_id).exists():
        require_discreet(row, reason, confirmed=naming)
    reason = reason.strip()
    standing = Measure.objects.standing().filter(decisions=decision)
    measures = list(standing.select_related("subject", "erasure").order_by("pk"))
    if any(one.erasure and one.erasure.steps for one in measures):
        raise Refused(_("What it destroys is being destroyed already. Lift the measure instead."), code="destroyed")
    held = interim_before(row, decision)
    before = confirmed_by(row, decision, measures)
    stay = [one for one in before.values() if not one.is_over]
    measures = [one for one in measures if one.pk not in {other.measure.pk for other in stay}]
    again = ended_by(row, decision)
    row.state, row.decided_at, row.answered_at = Case.State.OPEN, None, None
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "decided_at", "answered_at"])
    except IntegrityError:  # reported again at this moment: we waited for that case
        raise _another_open() from None
    event = record(
        row,
        UNDONE,
        actor=actor,
        data=marked(
            {"decision": decision.public_id.hex, "measures": [one.public_id.hex for one in measures]}, request_id
        ),
        text=reason,
    )
    leave_as_before(row, stay, actor=actor)
    for measure in measures:
        lift(measure, reason=reason, actor=actor)
        note_lifting(row, measure, actor=actor, moves=False)
    decision.undone_at, decision.undone_by = event.at, actor
    decision.save(update_fields=["undone_at", "undone_by"])
    closed = Report.objects.filter(case_report__case=row, closed_at=decision.decided_at)
    reports = list(closed.exclude(state=Report.State.WITHDRAWN).select_related("reporter"))
    reopen_reports(reports, actor=actor)
    due.revive(row, since=decision.decided_at)
    asked = resume_requests(row.subject_id, ended_at=decision.decided_at)
    seal(row, decision, *asked, actor=actor)
    withdraw_of(row, decision, reason=reason, actor=actor)
    if row.lane and row.lane.sealed:
        lock_away(row)
    update_priority(row, event.at)
    kept = {one.measure.pk for one in held}
    ended = [one for one in measures if one.pk not in kept]
    tell_everybody(row, decision, ended, reports, reason, actor=actor)
    take_again(row, decision, again, actor=actor)
    hold_again(row, held, since=decision.decided_at)


def _require_untouched(row: Case, decision: Decision, actor: User) -> None:
    """Raise Forbidden or Refused unless the decision is the last word about its subject, and fresh."""
    require_decide(row, actor)
    if actor.is_system:
        raise Forbidden(_("Only moderators can take a decision back."))
    if decision.undone_at is not None:
        raise Refused(_("This was taken back already."), code="undone")
    if decision.interim:
        raise Refused(_("A rule acted for the time being. Decide the case, or lift the measure."), code="interim")
    if row.state != Case.State.DECIDED:
        raise Refused(_("This case is open."), code="open")
    if clock.now() > decision.decided_at + UNDO_WITHIN:
        raise Refused(_("A day has passed since. Lift the measures, or open the case again."), code="too_late")
    later = Decision.objects.filter(case__subject=row.subject_id, undone_at=None, pk__gt=decision.pk)
    if later.exists():
        raise Refused(_("It was decided again since."), code="decided_again")
    about = Case.objects.filter(subject=row.subject_id)
    if about.filter(kind=Case.Kind.REVIEW, state=Case.State.OPEN).exists():
        raise _another_open()
    # An appeal is in a case of its own, about the same subject.
    appeals = Event.objects.filter(case__in=about.filter(kind=Case.Kind.APPEAL), kind="appeal.filed")
    if appeals.filter(at__gte=decision.decided_at).exists():
        raise Refused(_("Somebody contested a decision about it since. Answer that."), code="appealed")


def _another_open() -> Refused:
    return Refused(_("It was reported again since, and that case is open. Go on there."), code="another_open")
