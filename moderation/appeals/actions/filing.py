"""Contesting a decision (G2)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.appeals.actions.appeal_cases import lock_cases, open_or_join, wait_or_come_back
from moderation.appeals.hands import contested_before, is_admin, organization_for, taken_over
from moderation.appeals.models import Appeal, AppealFile
from moderation.appeals.queries import contest_until, is_affected, part_in
from moderation.appeals.talk import NO_COPY, is_sealed
from moderation.cases import due
from moderation.cases.events import record
from moderation.cases.models import Deadline, Decision
from moderation.cases.priority import update_priority
from moderation.cases.seals import Sealed
from moderation.reports.actions.evidence import EvidenceFile, stored
from moderation.reports.models import Report
from moderation.sanctions.models import StatementOfReasons

# Who contests what a rule did hears a human within that time, or the case climbs to the top of the queue (I1).
HUMAN_WITHIN = timedelta(hours=24)


@transaction.atomic
def file_appeal(decision: Decision, *, text: str, actor: User, files: Sequence[EvidenceFile] = ()) -> Appeal:
    """Contest `decision`; it joins the subject's open appeal case or opens one (G2).

    Raises Forbidden unless `actor` got a statement of reasons for it, manages now what a measure of it holds on,
    reported the case and did not withdraw that, or takes part in it as somebody whom it concerns (D1); and for whoever
    is no admin any more of the organization for which they were told. Refused after the deadline, when it was taken
    back, or contested before by the same person or by the organization for which they speak.
    """
    rows = lock_cases(decision)
    # As it is under the locks: it may have been taken back a moment ago.
    about = "case__subject__repository__namespace"
    decision = Decision.objects.select_related(about, "policy_version", "clause").get(pk=decision.pk)
    affected = is_affected(decision, actor)
    _require_concerned(decision, actor, affected)
    if decision.undone_at is not None:
        raise Refused(_("We took this decision back. There is nothing left to contest."), code="undone")
    now = clock.now()
    if now > contest_until(decision, actor):
        raise Refused(_("The time to contest this decision is over."), code="too_late")
    organization = organization_for(decision, actor) if affected else None
    if contested_before(decision, actor, organization):
        raise _contested_before(organization is not None)
    if organization is not None and not is_admin(actor, organization):
        words = _("You are no admin of %(organization)s any more: its admins contest this.")
        raise Forbidden(words % {"organization": Organization.objects.get(pk=organization).name})
    case = open_or_join(decision, rows)
    if files and is_sealed(case):
        raise Refused(NO_COPY, code="sealed")
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                decision=decision,
                case=case,
                appellant=actor,
                organization_id=organization,
                text=text,
                first_decider=decision.actor,
                created_at=now,
            )
    except IntegrityError:
        raise _contested_before(organization is not None) from None
    kept = [AppealFile.objects.create(appeal=appeal, **stored(file)) for file in files]
    data = {"appeal": appeal.public_id.hex, **({"files": len(files)} if files else {})}
    left: list[Sealed] = [(appeal, ()), *kept, *_told_too(decision, actor, now)]
    record(case, "appeal.filed", actor=actor, data=data, text=text, seals=left)
    if decision.interim and not due.expects(case, Deadline.Kind.CONTESTED):
        due.expect(case, Deadline.Kind.CONTESTED, now + HUMAN_WITHIN)
    wait_or_come_back(case)
    update_priority(case, now)
    return appeal


def _require_concerned(decision: Decision, actor: User, affected: bool) -> None:
    if affected:
        return
    final = Decision.objects.final().filter(pk=decision.pk).exists()
    reports = decision.case.case_reports.filter(report__reporter=actor)
    standing = reports.exclude(report__state=Report.State.WITHDRAWN)
    if final and (standing.exists() or part_in(decision, actor)):
        return
    if final and reports.exists():
        # Who takes a report back asks for nothing any more: what we decided then is not an answer to them.
        raise Forbidden(_("You withdrew your report, so this is no answer to you. Report it again if it goes on."))
    raise Forbidden(_("Only people whom a decision affects, and those who reported, can contest it."))


def _told_too(decision: Decision, actor: User, at: datetime) -> list[Sealed]:
    """Who manages since what the decision restricts gets a statement of their own, whoever it belongs to after that.

    Without a letter: they read it before they contested it. Nothing for everybody else.
    """
    told = StatementOfReasons.objects.filter(decision_id=decision.public_id, recipient=actor)
    first = None if told.exists() else taken_over(actor).filter(decision_id=decision.public_id).order_by("pk").first()
    if first is None:
        return []
    measures = list(first.measures.all())
    own = StatementOfReasons.objects.create(
        decision_id=decision.public_id,
        recipient=actor,
        subject_id=first.subject_id,
        clause_id=first.clause_id,
        policy_version_id=first.policy_version_id,
        facts=first.facts,
        automated_detection=first.automated_detection,
        automated_decision=first.automated_decision,
        contest_until=first.contest_until,
        created_at=at,
    )
    own.measures.set(measures)
    return [(own, measures)]


def _contested_before(organization: bool) -> Refused:
    words = (
        _("Your organization contested this decision before. All of its admins find the answer in their inbox.")
        if organization
        else _("You contested this decision before. You find our answer in your inbox.")
    )
    return Refused(words, code="exists")
