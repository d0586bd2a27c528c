"""Deciding about an appeal: never by somebody who decided before (G2)."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.appeals import letters
from moderation.appeals.actions.appeal_cases import lock_cases, settle
from moderation.appeals.actions.bad_faith import follow_up
from moderation.appeals.models import Appeal
from moderation.appeals.people import deciders_about, require_discreet_with, require_may_answer
from moderation.appeals.queries import decided_before_answer, is_affected, still_contested
from moderation.cases.actions import lift_measure
from moderation.cases.actions.free import require_free
from moderation.cases.actions.interim import hold_what_was_lifted
from moderation.cases.actions.reopen import look_again_by
from moderation.cases.actions.standing import withdraw_of
from moderation.cases.events import record, seal
from moderation.cases.models import Case, Decision
from moderation.cases.priority import update_priority
from moderation.reports.actions import reopen_reports, withdraw_marks
from moderation.reports.actions.records import overturn
from moderation.reports.models import Report
from moderation.sanctions.models import Measure

SHORTEST_ANSWER = 10
State = Appeal.State


@transaction.atomic
def decide_appeal(
    appeal: Appeal,
    *,
    state: str,
    answer: str,
    actor: User,
    lift: Collection[UUID] = (),
    bad_faith: bool = False,
    naming: bool = False,
) -> Appeal:
    """Answer an appeal: upheld, partly or rejected, with reasons that the person reads (G2).

    Upheld lifts exactly those measures of the contested decision that no human confirmed later, partly those of them
    that `lift` names (public ids); the decision counts as overturned. For a reporter, or somebody whom it concerns,
    upheld brings the case back into the queue, to be decided anew, unless somebody decided it again since. Everybody
    who was told of the decision hears it. `bad_faith` marks what was contested without any ground, and only what is
    rejected; see bad_faith.py.

    `naming` confirms that a name in the answer may stay (C2). Raises Forbidden for whoever decided before,
    ClaimedByOther, NamesSomebody, GivesAway, or Refused when it was answered before, while the person has time left to
    answer us, and for an answer that is not whole.
    """
    rows = lock_cases(appeal.decision, appeal.case_id)
    row = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    # As it is under the locks.
    row.decision = Decision.objects.select_related("policy_version").get(pk=row.decision_id)
    row.case, row.decision.case = rows[row.case_id], rows[row.decision.case_id]
    affected = is_affected(row.decision, row.appellant)
    contested = still_contested(row) if affected else []
    _require_answerable(row, state, answer, affected, bad_faith, actor)
    lifted = _chosen(state, contested, lift)
    require_discreet_with(row, answer, affected=affected, confirmed=naming)
    decided_again = decided_before_answer(row)
    now = clock.now()
    row.state, row.decided_by, row.answer, row.decided_at = State(state), actor, answer.strip(), now
    row.waits_for, row.answer_until, row.bad_faith = Appeal.Side.TEAM, None, bad_faith
    row.save(update_fields=["state", "decided_by", "answer", "decided_at", "waits_for", "answer_until", "bad_faith"])
    row.lifted.set(lifted)
    for measure in lifted:
        lift_measure(measure, reason=row.answer, actor=actor, tell=False)
    elsewhere = False
    if row.state in Appeal.RIGHT and affected:
        _overturn(row, lifted, actor)
    elif row.state == State.UPHELD and not decided_again:
        elsewhere = not _take_up_again(row, rows, actor)
    row.case.refresh_from_db()
    data = {"appeal": row.public_id.hex, "state": row.state, "measures": [one.public_id.hex for one in lifted]}
    settle(row.case, now)
    record(row.case, "appeal.decided", actor=actor, data=data, text=row.answer, seals=[(row, lifted)])
    stands = _stands_by_another(row, lifted) if affected else decided_again
    letters.write_answer(row, affected=affected, lifted=lifted, stands=stands, elsewhere=elsewhere, actor=actor)
    if row.state in Appeal.RIGHT and (affected or not decided_again):
        to_others = not row.decision.interim and not decided_again
        letters.tell_everybody(
            row,
            row.decision.case,
            affected=affected,
            lifted=lifted,
            elsewhere=elsewhere,
            to_others=to_others,
            actor=actor,
        )
    if bad_faith:
        follow_up(row.appellant, now)
    appeal.refresh_from_db()
    return appeal


def _require_answerable(row: Appeal, state: str, answer: str, affected: bool, bad_faith: bool, actor: User) -> None:
    require_may_answer(row, row.case, actor)
    if row.state != State.OPEN:
        raise Refused(_("This appeal was answered before."), code="decided")
    require_free(row.case, actor)
    if state not in State.values or state == State.OPEN:
        raise Refused(_("Choose whether the decision stands."), code="invalid", status=400)
    if len(answer.strip()) < SHORTEST_ANSWER:
        raise Refused(_("Explain your answer in a sentence: the person will read it."), code="invalid", status=400)
    if state == State.PARTLY and not affected:
        words = _("Nothing of theirs is restricted, so there is nothing to lift in part: answer that they are right, "
                  "or that the decision stands.")  # fmt: skip
        raise Refused(words, code="invalid", status=400)
    if bad_faith and state != State.REJECTED:
        raise Refused(_("Only what we reject was contested in bad faith."), code="invalid", status=400)
    if state != State.UPHELD and row.answer_until is not None and clock.now() < row.answer_until:
        words = _("We asked them something, and they have time left to answer. Wait for it, or agree with them now.")
        raise Refused(words, code="waiting")


def _chosen(state: str, contested: Sequence[Measure], chosen: Collection[UUID]) -> list[Measure]:
    """The measures that an answer lifts. Raises Refused for a part that is nothing, everything, or something else."""
    if state != State.PARTLY and chosen:
        words = _("Only where we were wrong in part you choose what is lifted: where we were wrong, all of it is.")
        raise Refused(words, code="invalid", status=400)
    if state == State.UPHELD:
        return list(contested)
    if state != State.PARTLY:
        return []
    wanted = set(chosen)
    found = [one for one in contested if one.public_id in wanted]
    if not found or len(found) != len(wanted):
        raise Refused(_("Choose which of the measures that still hold are lifted."), code="invalid", status=400)
    if len(found) == len(contested):
        raise Refused(_("That lifts all of them: then we were wrong, not only in part."), code="invalid", status=400)
    return found


def _overturn(row: Appeal, lifted: Sequence[Measure], actor: User) -> None:
    """The decision does not stand, as a whole or in part, and its case says so; its row is locked.

    Strikes: whatever counts decisions against a person leaves out those that are overturned (`Decision.overturned`).
    """
    decision, case = row.decision, row.decision.case
    case.refresh_from_db()
    wholly = row.state == State.UPHELD
    how = Decision.Overturned.WHOLLY if wholly else Decision.Overturned.PARTLY
    data: dict[str, Any] = {
        "decision": decision.public_id.hex,
        "appeal": row.public_id.hex,
        "how": how,
        "measures": [one.public_id.hex for one in lifted],
    }
    at = clock.now()
    judged_anew = wholly and not decision.interim and not decided_before_answer(row)
    if judged_anew:
        data["reports"] = True
    decision.overturned, decision.overturned_at = how, at
    record(case, "decision.overturned", actor=actor, data=data, text=row.answer, at=at, seals=[decision])
    decision.save(update_fields=["overturned", "overturned_at"])
    if wholly:
        withdraw_of(case, decision, reason=row.answer, actor=actor)
    if judged_anew:
        reports = Report.objects.filter(case_report__case=case, closed_at=decision.decided_at)
        overturn(reports, at=at, actor=actor)
    if case.state == Case.State.OPEN:
        update_priority(case, at)


def _stands_by_another(row: Appeal, lifted: Sequence[Measure]) -> bool:
    """Whether a measure of the contested decision holds because a human confirmed it later; one query."""
    standing = Measure.objects.standing().filter(decisions=row.decision_id)
    later = standing.filter(decisions__in=Decision.objects.filter(interim=False, pk__gt=row.decision_id))
    return row.state in Appeal.RIGHT and later.exclude(pk__in=[one.pk for one in lifted]).exists()


def _take_up_again(row: Appeal, rows: dict[int, Case], actor: User) -> bool:
    """A reporter was right: the case and its reports are open again, unless a new case looks at the subject anyway.

    Returns whether they are: of the new case its own reporters hear, and nobody is promised anything else.
    What it held before that decision is held again (C6, C9). Whoever decided it does not decide it anew, while another
    could: they would have to find that they were wrong.
    """
    case = row.decision.case
    wrong = deciders_about([row])[row.pk] - {actor.pk}
    try:
        with transaction.atomic():
            case.state, case.decided_at = Case.State.OPEN, None
            case.not_by = sorted({*case.not_by, *wrong})
            case.save(update_fields=["state", "decided_at", "not_by"])
            reopen_reports(Report.objects.filter(case_report__case=case), actor=actor)
    except IntegrityError:
        case.refresh_from_db()
        # It was reported again meanwhile: that case is open. The reports here keep their outcome, but nobody was wrong
        # in bad faith about what we look at again.
        of_decision = Report.objects.filter(case_report__case=case, closed_at=row.decision.decided_at)
        if marked := withdraw_marks(of_decision):
            named = [one.public_id.hex for one in marked]
            record(case, "marks.withdrawn", actor=actor, data={"appeal": row.public_id.hex, "bad_faith": named})
        for other in rows.values():
            if other.kind == Case.Kind.REVIEW and other.state == Case.State.OPEN:
                other.not_by = sorted({*other.not_by, *wrong})
                other.save(update_fields=["not_by"])
                seal(other, actor=actor)
                hold_what_was_lifted(other, row.decision, case=case)
        return False
    record(case, "case.reopened", actor=actor, data={"appeal": row.public_id.hex})
    look_again_by(case)
    update_priority(case, clock.now())
    hold_what_was_lifted(case, row.decision)
    return True
