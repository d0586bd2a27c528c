"""Decisions as those see them whom they concern, and appeals (G1, G2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models import Case as Either
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, OrganizationRole, User
from foundation import clock
from foundation.errors import Refused
from moderation.appeals.hands import holding_for, left_to_admins, taken_over
from moderation.appeals.models import Appeal, AppealFile
from moderation.appeals.people import of_person
from moderation.cases.models import Case, Decision, Party
from moderation.cases.queries import open_to
from moderation.reports.models import Report
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.queries import EVERYTHING


@dataclass(frozen=True)
class Contestable:
    """A decision, and what one person can do about it."""

    decision: Decision
    appeal: Appeal | None
    until: datetime
    open: bool
    # Told as an admin of an organization, and none of them any more: they contest it (G2).
    left_to_admins: bool = False

    @property
    def taken_back(self) -> bool:
        """Whether we took the decision back ourselves: nothing of it is left to be contested."""
        return self.decision.undone_at is not None


def statements_of(person: User) -> QuerySet[StatementOfReasons]:
    """Statements of reasons to `person`, newest first, with subject, clause and measures."""
    return _whole(StatementOfReasons.objects.filter(recipient=person)).order_by("-created_at", "-id")


def own_statement(public_id: UUID, person: User) -> StatementOfReasons:
    """A statement to `person`, or about what they manage now. Raises the same Refused (404) for all others."""
    found = _whole(StatementOfReasons.objects.filter(public_id=public_id))
    statement = found.filter(recipient=person).first()
    if statement is None:
        statement = found.filter(pk__in=taken_over(person).values("pk")).first()
    if statement is None:
        raise Refused(_("There is no decision for you at this address."), code="not_found", status=404)
    return statement


def _whole(rows: QuerySet[StatementOfReasons]) -> QuerySet[StatementOfReasons]:
    subject = [f"subject__{path}" for path in EVERYTHING]
    measures = Measure.objects.select_related("clause", *subject).order_by("pk")
    return rows.select_related("clause", "policy_version", *subject).prefetch_related(Prefetch("measures", measures))


# The order of what holds for somebody, for pages by keyset.
HOLDING = ("-starts_at", "-id")


def standing_on(person: User) -> QuerySet[Measure]:
    """Measures that hold now and affect `person`, with clause and subject; in no order, see HOLDING."""
    subject = [f"subject__{path}" for path in EVERYTHING]
    return holding_for(person).select_related("clause", *subject)


def own_appeals(person: User) -> QuerySet[Appeal]:
    """Appeals that are `person`'s or of an organization whose admin they are, newest first."""
    rows = Appeal.objects.filter(of_person(person)).select_related("decision", "organization")
    return rows.prefetch_related("lifted").order_by("-id")


class Closed(StrEnum):
    """Why nobody contests a decision of which they were told, although there is time left."""

    TAKEN_BACK = "taken_back"  # by us: nothing of it is left to be contested
    LEFT_TO_ADMINS = "left_to_admins"  # told as an admin of an organization, and none of them any more (G2)


def closed_among(decision_ids: list[UUID], person: User) -> dict[UUID, Closed]:
    """Those of the decisions with these public ids, of which `person` was told, that they cannot contest; one query."""
    rows = Decision.objects.filter(public_id__in=decision_ids).exclude(Q(undone_at=None) & ~_left_to_admins(person))
    return {
        public_id: Closed.TAKEN_BACK if undone_at else Closed.LEFT_TO_ADMINS
        for public_id, undone_at in rows.values_list("public_id", "undone_at")
    }


def _left_to_admins(person: User) -> Q:
    """The same as `left_to_admins` as a condition on decisions of which `person` was told."""
    admin_of = Membership.objects.filter(user=person, role=OrganizationRole.ADMIN).values("organization")
    of_others = Q(case__organization__isnull=False) & ~Q(case__organization__in=admin_of)
    on_them = Decision.measures.through.objects.filter(decision=OuterRef("pk"), measure__person=person)
    return of_others & Q(~Exists(on_them))


def open_among(told: Mapping[UUID, datetime | None], person: User, now: datetime) -> set[UUID]:
    """Those of the decisions with these public ids that `person` can contest at `now`; one query.

    By each until when the letters to `person` say; None where there is none, and they manage now what it is about.
    """
    appealed = Appeal.objects.filter(of_person(person), decision=OuterRef("pk"))
    left = Either(When(_left_to_admins(person), then=True), default=False, output_field=BooleanField())
    rows = Decision.objects.filter(~Exists(appealed), public_id__in=told, undone_at=None)
    found: set[UUID] = set()
    shown: Any = rows.select_related("policy_version").annotate(left=left)
    for one in shown:
        until, letter = contest_until_without_letter(one), told[one.public_id]
        if now <= max(until, letter or until) and not (letter and one.left):
            found.add(one.public_id)
    return found


def appeals_against(decision_ids: list[UUID], person: User) -> dict[UUID, Appeal]:
    """Own appeals by the public id of the decision they contest."""
    rows = Appeal.objects.filter(of_person(person), decision__public_id__in=decision_ids).select_related("decision")
    return {appeal.decision.public_id: appeal for appeal in rows}


def is_affected(decision: Decision, person: User) -> bool:
    """Whether `decision` took measures that affect `person`; otherwise it can only concern them as a reporter.

    Who got a statement of reasons, and who manages now what a measure of it holds on: until they contest it, when they
    get a statement of their own.
    """
    told = StatementOfReasons.objects.filter(decision_id=decision.public_id, recipient=person).exists()
    return told or taken_over(person).filter(decision_id=decision.public_id).exists()


def part_in(decision: Decision, person: User) -> Party | None:
    """The part of `person` in the case of `decision`, as somebody whom it concerns (D1).

    Not as its owner, whom what was decided affects or not; and not of somebody who left.
    """
    parts = Party.objects.filter(case=decision.case_id, user=person, left_at=None).exclude(role=Party.Role.OWNER)
    return parts.select_related("user").first()


def decision_in(party: Party) -> Decision | None:
    """The decision about the case of `party` as it stands; None while a human has not decided."""
    rows = Decision.objects.final().filter(case=party.case_id).select_related("case", "policy_version")
    return rows.order_by("-decided_at", "-pk").first()


def contest_until(decision: Decision, person: User) -> datetime:
    """Until when `person` can contest `decision`: never sooner than what any letter to them said; one query."""
    told = StatementOfReasons.objects.filter(decision_id=decision.public_id, recipient=person)
    return max([contest_until_without_letter(decision), *told.values_list("contest_until", flat=True)])


def contest_until_without_letter(decision: Decision) -> datetime:
    """The same for whoever got no statement of reasons; no query.

    Where it was overturned they have as long again, from then on: to them it is another outcome.
    """
    if decision.overturned_at is None:
        return decision.contest_until
    return max(decision.contest_until, decision.overturned_at + decision.policy_version.contest_within)


def contestable(decision: Decision, person: User) -> Contestable:
    """How `person` stands to `decision`: contested already, can be until, taken back, or too late."""
    until = contest_until(decision, person)
    appeal = Appeal.objects.filter(of_person(person), decision=decision).order_by("pk").first()
    can = appeal is None and decision.undone_at is None and clock.now() <= until
    left = can and left_to_admins(decision, person)
    return Contestable(decision, appeal, until, open=can and not left, left_to_admins=left)


def decision_about(report: Report, reporter: User) -> Contestable | None:
    """The decision that answered an own report; None while a human has not decided.

    Whoever withdrew it can contest nothing: it asks for nothing any more.
    """
    rows = Decision.objects.final().filter(case__case_reports__report=report).select_related("case", "policy_version")
    decision = rows.order_by("-decided_at", "-pk").first()
    if decision is None:
        return None
    found = contestable(decision, reporter)
    return replace(found, open=False) if report.state == Report.State.WITHDRAWN else found


def reported_decision(public_id: UUID, reporter: User) -> tuple[Decision, Report]:
    """A decision about something `reporter` reported, and that report, unless they withdrew it.

    Raises the same Refused (404) for all others.
    """
    rows = Decision.objects.final().select_related("case", "policy_version")
    decision = rows.filter(public_id=public_id).first()
    mine = Report.objects.filter(case_report__case=decision.case, reporter=reporter) if decision else None
    if mine is not None:
        mine = mine.exclude(state=Report.State.WITHDRAWN)
    report = mine.select_related("clause", "snapshot").order_by("-pk").first() if mine is not None else None
    if decision is None or report is None:
        raise Refused(_("There is no decision for you at this address."), code="not_found", status=404)
    return decision, report


def own_appeal(public_id: UUID, person: User) -> Appeal:
    """An own appeal. Raises the same Refused (404) for somebody else's and for none."""
    rows = Appeal.objects.filter(of_person(person), public_id=public_id)
    appeal = rows.select_related(
        "decision__case", "case__lane", "case__clause__lane", "appellant", "organization"
    ).first()
    if appeal is None:
        raise Refused(_("You have no appeal at this address."), code="not_found", status=404)
    return appeal


@dataclass(frozen=True)
class Origin:
    """What led to an appeal: one of these."""

    statement: StatementOfReasons | None
    report: Report | None
    party: Party | None


def origin_of(appeal: Appeal, viewer: User) -> Origin:
    """What led to an own appeal: the `statement` that `viewer` got, their own `report`, or their part in the case."""
    statements = StatementOfReasons.objects.filter(recipient=viewer)
    statement = statements.filter(decision_id=appeal.decision.public_id).first()
    # Only what is the viewer's own: of one admin the others do not learn that they reported it.
    reports = Report.objects.filter(reporter=viewer, case_report__case=appeal.decision.case_id)
    report = None if statement else reports.first()
    party = None if statement or report else part_in(appeal.decision, viewer)
    return Origin(statement, report, party)


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


def decided_before_answer(appeal: Appeal) -> bool:
    """Whether somebody decided about its case again before it was answered: then people heard that last."""
    later = Decision.objects.final().filter(case=appeal.decision.case_id, pk__gt=appeal.decision_id)
    return (later.filter(decided_at__lte=appeal.decided_at) if appeal.decided_at else later).exists()


def appeal_in(case: Case, public_id: UUID) -> Appeal:
    """An appeal of `case`. Raises Refused (404)."""
    appeal = Appeal.objects.filter(case=case, public_id=public_id).select_related("decided_by").first()
    if appeal is None:
        raise Refused(_("This appeal is not part of this case."), code="not_found", status=404)
    return appeal


def appeals_of(person: User, viewer: User) -> QuerySet[Appeal]:
    """Appeals that `person` filed, of cases that `viewer` may see, newest first."""
    seen = open_to(Case.objects.filter(kind=Case.Kind.APPEAL), viewer)
    rows = Appeal.objects.filter(appellant=person, case__in=seen).select_related("case__clause")
    return rows.order_by("-created_at", "-id")


def file_in(case: Case, public_id: UUID) -> AppealFile:
    """A file that came with an appeal of `case`. Raises Refused (404)."""
    found = AppealFile.objects.filter(appeal__case=case, public_id=public_id).first()
    if found is None:
        raise Refused(_("There is no such file."), code="not_found", status=404)
    return found


# The order of the appeals of a case, for pages by keyset: open ones first, then by when we answered.
NEWEST = ("-answered_or_never", "-id")
_NEVER = datetime.max.replace(tzinfo=UTC)


def appeals_in(case: Case) -> QuerySet[Appeal]:
    """Appeals of a case, each with the decision it contests and its measures; in no order, see NEWEST."""
    measures = Measure.objects.select_related("clause", "actor", "lifted_by").order_by("pk")
    people = ("appellant", "first_decider", "decided_by", "organization")
    decision = ("decision__actor", "decision__clause", "decision__policy_version", "decision__event__sealed__key")
    rows = Appeal.objects.filter(case=case).select_related(*people, *decision, "decision__case")
    rows = rows.prefetch_related(Prefetch("decision__measures", measures), "lifted")
    return rows.annotate(answered_or_never=Coalesce("decided_at", Value(_NEVER)))


def still_contested(appeal: Appeal) -> list[Measure]:
    """Measures of the contested decision that hold, but for what a human confirmed later: that is contested apart.

    What an answer in the appellant's favour lifts; two queries.
    """
    keys = still_contested_of([appeal])[appeal.pk]
    return list(Measure.objects.filter(pk__in=keys).select_related("subject").order_by("pk"))


def still_contested_of(appeals: Iterable[Appeal]) -> dict[int, set[int]]:
    """The same of many appeals, by their ids, as ids of the measures; one query."""
    rows = {one.pk: one.decision_id for one in appeals}
    links = Decision.measures.through.objects
    later = links.filter(
        measure=OuterRef("measure"),
        decision__interim=False,
        decision__undone_at=None,
        decision__gt=OuterRef("decision"),
    )
    held = links.filter(decision__in=rows.values(), measure__in=Measure.objects.standing()).filter(~Exists(later))
    found: dict[int, set[int]] = defaultdict(set)
    for decision, measure in held.values_list("decision", "measure"):
        found[decision].add(measure)
    return {key: found[decision] for key, decision in rows.items()}
