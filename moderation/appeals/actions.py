"""Contesting a decision, and deciding about that (G2)."""

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.appeals.models import Appeal
from moderation.appeals.queries import is_affected, part_in
from moderation.cases.actions import lift_measure
from moderation.cases.actions.claims import ClaimedByOther
from moderation.cases.events import record
from moderation.cases.matter_links import link_for
from moderation.cases.models import Case, Confirmation, Decision
from moderation.cases.permissions import require_decide, require_impartial
from moderation.cases.priority import update_priority
from moderation.reports.actions import reopen_reports
from moderation.reports.links import address_of
from moderation.reports.models import Report
from moderation.sanctions.actions.statements import CONTEST_WITHIN
from moderation.sanctions.models import Measure


@transaction.atomic
def file_appeal(decision: Decision, *, text: str, actor: User) -> Appeal:
    """Contest `decision`; it joins the subject's open appeal case or opens one (G2).

    Raises Forbidden unless `actor` got a statement of reasons for it, reported the case or takes part in it as somebody
    whom it concerns (D1), Refused after the deadline or when contested before.
    """
    final = Decision.objects.final().filter(pk=decision.pk).exists()
    reported = final and decision.case.case_reports.filter(report__reporter=actor).exists()
    concerned = final and part_in(decision, actor) is not None
    if not (reported or concerned or is_affected(decision, actor)):
        raise Forbidden(_("Only people whom a decision affects, and those who reported, can contest it."))
    now = clock.now()
    if now > decision.decided_at + CONTEST_WITHIN:
        raise Refused(_("The time to contest this decision is over."), code="too_late")
    case = _appeal_case(decision)
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                decision=decision,
                case=case,
                appellant=actor,
                text=text,
                first_decider=decision.actor,
                created_at=now,
            )
    except IntegrityError:
        raise Refused(
            _("You contested this decision before. You find our answer in your inbox."), code="exists"
        ) from None
    record(case, "appeal.filed", actor=actor, data={"appeal": appeal.public_id.hex}, text=text)
    update_priority(case, now)
    return appeal


@transaction.atomic
def decide_appeal(appeal: Appeal, *, upheld: bool, answer: str, actor: User) -> Appeal:
    """Answer an appeal: never by whoever decided first (G2).

    Upheld lifts exactly that decision's measures where they affect the appellant; for a reporter the case goes back
    to the queue, to be decided anew. Raises Forbidden, ClaimedByOther, or Refused when it was answered before or the
    answer is missing.
    """
    # The contested case too, since its measures may be lifted: the lower id first, as everybody locks several cases.
    locked = Case.objects.select_for_update(of=("self",)).select_related("clause", "subject").order_by("pk")
    case = {one.pk: one for one in locked.filter(pk__in=[appeal.case_id, appeal.decision.case_id])}[appeal.case_id]
    row = Appeal.objects.select_for_update(of=("self",)).select_related("decision", "appellant").get(pk=appeal.pk)
    require_decide(case, actor)
    if not actor.is_system:
        require_impartial(row.decision.case, actor)  # whoever reported it answers no appeal about it
    second = Confirmation.objects.filter(decision=row.decision_id).values_list("actor", flat=True).first()
    if actor.pk in (row.first_decider_id, second, row.appellant_id):
        raise Forbidden(_("Somebody who did not decide before has to answer this appeal."))
    if row.state != Appeal.State.OPEN:
        raise Refused(_("This appeal was answered before."), code="decided")
    if case.assignee_id not in (None, actor.pk) and case.lease_until and case.lease_until > clock.now():
        raise ClaimedByOther(case)
    if len(answer.strip()) < 10:
        raise Refused(_("Explain your answer in a sentence: the person will read it."), code="invalid", status=400)
    row.state = Appeal.State.UPHELD if upheld else Appeal.State.REJECTED
    row.decided_by, row.answer, row.decided_at = actor, answer, clock.now()
    row.save(update_fields=["state", "decided_by", "answer", "decided_at"])
    affected = is_affected(row.decision, row.appellant)
    if upheld and affected:
        for measure in Measure.objects.standing().filter(decisions=row.decision).order_by("pk"):
            lift_measure(measure, reason=answer, actor=actor)
    elif upheld:
        _take_up_again(row, actor)
    case.refresh_from_db()
    record(
        case,
        "appeal.decided",
        actor=actor,
        data={"appeal": row.public_id.hex, "state": row.state},
        text=answer,
    )
    if not case.appeals.filter(state=Appeal.State.OPEN).exists():
        case.state, case.decided_at, case.assignee, case.lease_until = (
            Case.State.DECIDED,
            row.decided_at,
            None,
            None,
        )
        case.save(update_fields=["state", "decided_at", "assignee", "lease_until"])
    _tell(row, affected, actor)
    appeal.refresh_from_db()
    return appeal


def _appeal_case(decision: Decision) -> Case:
    first = decision.case
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    rows = rows.filter(subject=first.subject, kind=Case.Kind.APPEAL, state=Case.State.OPEN)
    case = rows.first()
    if case is None:
        try:
            with transaction.atomic():
                Case.objects.create(
                    subject=first.subject,
                    subject_kind=first.subject_kind,
                    kind=Case.Kind.APPEAL,
                    clause=decision.clause or first.clause,
                    language=first.language,
                    # What only the people of a lane see, only they see when it is contested (C9).
                    lane=first.lane if first.lane and first.lane.group_id else None,
                    opened_at=clock.now(),
                )
        except IntegrityError:
            pass  # another appeal opened it a moment ago: join
        case = rows.get()
    _follow_lane(case, first)
    return case


def _follow_lane(case: Case, first: Case) -> None:
    """Of decisions that are contested together the one that only the people of a lane see says who looks (C9)."""
    lane = first.lane
    if lane is None or not lane.group_id or (case.lane is not None and case.lane.group_id):
        return
    case.lane = lane
    if case.assignee and not case.assignee.groups.filter(pk=lane.group_id).exists():
        case.assignee, case.lease_until = None, None
    case.save(update_fields=["lane", "assignee", "lease_until"])


def _take_up_again(appeal: Appeal, actor: User) -> None:
    """A reporter was right: the case and its reports are open again, unless a new case looks at the subject anyway."""
    row = Case.objects.select_for_update(of=("self",)).select_related("clause", "subject")
    case = row.get(pk=appeal.decision.case_id)
    try:
        with transaction.atomic():
            case.state, case.decided_at = Case.State.OPEN, None
            case.save(update_fields=["state", "decided_at"])
            reopen_reports(Report.objects.filter(case_report__case=case), actor=actor)
    except IntegrityError:
        return  # it was reported again meanwhile: that case is open
    record(case, "case.reopened", actor=actor, data={"appeal": appeal.public_id.hex})
    update_priority(case, clock.now())


def _tell(appeal: Appeal, affected: bool, actor: User) -> None:
    with translation.override(appeal.appellant.language):
        if appeal.state == Appeal.State.REJECTED:
            words = _("Somebody who had not decided before looked again. The decision stands.")
        elif affected:
            words = _("We looked again and were wrong. The measures you contested are lifted.")
        else:
            words = _("We looked again and you were right: we take the matter up again. You will hear what we decide.")
        quote = appeal.answer.replace("\n", "\n> ")
        write_to(
            appeal.appellant,
            key=f"appeal:{appeal.public_id}",
            subject=_("Our answer to your appeal"),
            body=f"{words}\n\n> {quote}",
            link=_where(appeal),
            link_label=_("Your appeal"),
            actor=actor,
        )


def _where(appeal: Appeal) -> str:
    """Where the appellant reads it; a guest on the page of the report, or of the matter that concerns them."""
    if not appeal.appellant.is_guest:
        return f"/appeals/{appeal.public_id}"
    reports = Report.objects.filter(reporter=appeal.appellant_id, case_report__case=appeal.decision.case_id)
    report = reports.select_related("reporter").order_by("-pk").first()
    party = None if report else part_in(appeal.decision, appeal.appellant)
    if party is not None:
        return f"{link_for(party, appeal.appellant)}/contest"
    return address_of(report) if report else "/"
