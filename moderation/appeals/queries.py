"""Decisions as those see them whom they concern, and appeals (G1, G2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.appeals.models import Appeal
from moderation.cases.models import Case, Decision, Party
from moderation.reports.models import Report
from moderation.sanctions.actions.statements import CONTEST_WITHIN
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.queries import EVERYTHING


@dataclass(frozen=True)
class Contestable:
    """A decision, and what one person can do about it."""

    decision: Decision
    appeal: Appeal | None
    until: datetime
    open: bool


def statements_of(person: User) -> QuerySet[StatementOfReasons]:
    """Statements of reasons to `person`, newest first, with subject, clause and measures."""
    subject = [f"subject__{path}" for path in EVERYTHING]
    measures = Measure.objects.select_related("clause", *subject).order_by("pk")
    rows = StatementOfReasons.objects.filter(recipient=person).select_related("clause", "policy_version", *subject)
    return rows.prefetch_related(Prefetch("measures", measures)).order_by("-created_at", "-id")


def own_statement(public_id: UUID, person: User) -> StatementOfReasons:
    """A statement to `person`. Raises the same Refused (404) for somebody else's and for none."""
    statement = statements_of(person).filter(public_id=public_id).first()
    if statement is None:
        raise Refused(_("There is no decision for you at this address."), code="not_found", status=404)
    return statement


def standing_on(person: User) -> QuerySet[Measure]:
    """Measures that hold now and affect `person`: sanctions, and restrictions of what they answer for.

    A warning holds nothing: it was said.
    """
    enforced = Q(restriction__isnull=False) | Q(posting_restriction__isnull=False) | Q(kind=Measure.Kind.HOLD)
    rows = Measure.objects.standing().filter(enforced, statements__recipient=person).distinct()
    subject = [f"subject__{path}" for path in EVERYTHING]
    return rows.select_related("clause", *subject).order_by("-starts_at", "-pk")


def appeals_against(decision_ids: list[UUID], person: User) -> dict[UUID, Appeal]:
    """Own appeals by the public id of the decision they contest."""
    rows = Appeal.objects.filter(decision__public_id__in=decision_ids, appellant=person).select_related("decision")
    return {appeal.decision.public_id: appeal for appeal in rows}


def is_affected(decision: Decision, person: User) -> bool:
    """Whether `decision` took measures that affect `person`; otherwise it can only concern them as a reporter."""
    return StatementOfReasons.objects.filter(decision_id=decision.public_id, recipient=person).exists()


def part_in(decision: Decision, person: User) -> Party | None:
    """The part of `person` in the case of `decision`, as somebody whom it concerns (D1).

    Not as its owner, whom what was decided affects or not; and not of somebody who left.
    """
    parts = Party.objects.filter(case=decision.case_id, user=person, left_at=None).exclude(role=Party.Role.OWNER)
    return parts.select_related("user").first()


def decision_in(party: Party) -> Decision | None:
    """The decision about the case of `party` as it stands; None while a human has not decided."""
    rows = Decision.objects.final().filter(case=party.case_id).select_related("case")
    return rows.order_by("-decided_at", "-pk").first()


def contestable(decision: Decision, person: User) -> Contestable:
    """How `person` stands to `decision`: contested already, can be until, or too late."""
    until = decision.decided_at + CONTEST_WITHIN
    appeal = Appeal.objects.filter(decision=decision, appellant=person).first()
    return Contestable(decision, appeal, until, open=appeal is None and clock.now() <= until)


def decision_about(report: Report, reporter: User) -> Contestable | None:
    """The decision that answered an own report; None while a human has not decided."""
    rows = Decision.objects.final().filter(case__case_reports__report=report).select_related("case")
    decision = rows.order_by("-decided_at", "-pk").first()
    return contestable(decision, reporter) if decision else None


def reported_decision(public_id: UUID, reporter: User) -> tuple[Decision, Report]:
    """A decision about something `reporter` reported, and that report. Raises the same Refused (404) for all others."""
    decision = Decision.objects.final().filter(public_id=public_id).select_related("case").first()
    mine = Report.objects.filter(case_report__case=decision.case, reporter=reporter) if decision else None
    report = mine.select_related("clause", "snapshot").order_by("-pk").first() if mine is not None else None
    if decision is None or report is None:
        raise Refused(_("There is no decision for you at this address."), code="not_found", status=404)
    return decision, report


def own_appeal(public_id: UUID, person: User) -> Appeal:
    """An own appeal. Raises the same Refused (404) for somebody else's and for none."""
    rows = Appeal.objects.filter(public_id=public_id, appellant=person).select_related("decision__case", "case")
    appeal = rows.first()
    if appeal is None:
        raise Refused(_("You have no appeal at this address."), code="not_found", status=404)
    return appeal


def origin_of(appeal: Appeal) -> dict[str, StatementOfReasons | Report | Party | None]:
    """What led to an own appeal: the `statement` its appellant got, their `report`, or their part in the case."""
    statements = StatementOfReasons.objects.filter(recipient=appeal.appellant_id)
    statement = statements.filter(decision_id=appeal.decision.public_id).first()
    reports = Report.objects.filter(reporter=appeal.appellant_id, case_report__case=appeal.decision.case_id)
    report = None if statement else reports.first()
    party = None if statement or report else part_in(appeal.decision, appeal.appellant)
    return {"statement": statement, "report": report, "party": party}


def roles_among(appeals: Iterable[Appeal]) -> dict[int, str]:
    """By the id of an appeal what its appellant is to the case, where they take part in it (D1). One query."""
    rows = list(appeals)
    parties = Party.objects.filter(case__in={one.decision.case_id for one in rows}).exclude(role=Party.Role.OWNER)
    roles = {(party.case_id, party.user_id): str(party.get_role_display()) for party in parties}
    known = {one.pk: roles.get((one.decision.case_id, one.appellant_id), "") for one in rows}
    return {key: role for key, role in known.items() if role}


def affected_among(appeals: Iterable[Appeal]) -> set[int]:
    """Ids of those `appeals` whose appellant the decision affects; the others want it decided anew. One query."""
    rows = list(appeals)
    decisions = [appeal.decision.public_id for appeal in rows]
    told = set(StatementOfReasons.objects.filter(decision_id__in=decisions).values_list("decision_id", "recipient_id"))
    return {appeal.pk for appeal in rows if (appeal.decision.public_id, appeal.appellant_id) in told}


def appeal_in(case: Case, public_id: UUID) -> Appeal:
    """An appeal of `case`. Raises Refused (404)."""
    appeal = Appeal.objects.filter(case=case, public_id=public_id).select_related("decided_by").first()
    if appeal is None:
        raise Refused(_("This appeal is not part of this case."), code="not_found", status=404)
    return appeal


def appeals_in(case: Case) -> QuerySet[Appeal]:
    """Appeals of a case, open ones first, each with the decision it contests and its measures."""
    measures = Measure.objects.select_related("clause", "actor", "lifted_by").order_by("pk")
    people = ("appellant", "first_decider", "decided_by")
    decision = ("decision__actor", "decision__clause", "decision__policy_version", "decision__event__sealed__key")
    rows = Appeal.objects.filter(case=case).select_related(*people, *decision, "decision__case")
    rows = rows.prefetch_related(Prefetch("decision__measures", measures))
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-pk")
