"""What deciding a selection of cases together would do to each of them (D4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from moderation.cases.actions.bulk import Chosen, obstacles_of
from moderation.cases.actions.orders import Verdict
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION
from moderation.cases.models import Case, CaseReport, Decision, Party
from moderation.cases.precedents import Departure, departs, similar_decided_of
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.sanctions.actions.statements import affected_by
from moderation.sanctions.measures import DECIDED, KINDS, MeasureKind
from moderation.sanctions.models import Measure
from moderation.subjects.names import Name, name_of

# What stands in a verdict for words that are not written yet: as long as the shortest that are accepted.
NOT_WRITTEN = "…" * SHORTEST_EXPLANATION


@dataclass(frozen=True)
class Effect:
    """One case of the selection: what stands in the way, or what the decision would do, line by line."""

    case: Case
    version: int
    name: Name
    obstacles: list[Any]
    lines: list[str]
    told: list[str]
    departure: Departure | None = None


def effects_of(chosen: Sequence[Chosen], verdict: Verdict, actor: User, now: datetime) -> list[Effect]:
    """The effect on each of `chosen`, in their order, with the precedents from which it departs (D6).

    One query, eleven with an outcome, and for each case those of the rules it is asked by. Words that are
    not written yet, or an outcome that is not chosen yet, are no obstacle.
    """
    asked = verdict if len(verdict.explanation.strip()) >= SHORTEST_EXPLANATION else _with_words(verdict)
    subjects = [one.case.subject_id for one in chosen]
    standing = list(Measure.objects.standing().filter(subject__in=subjects, interim=True))
    others = _others_of([one.case for one in chosen]) if verdict.outcome else {}
    departures = departures_of([one.case for one in chosen], verdict, actor)
    found = []
    for one in chosen:
        interim = [measure for measure in standing if measure.subject_id == one.case.subject_id]
        obstacles = obstacles_of(one.case, one.version, asked, actor)
        lines, told = ([], []) if obstacles or not verdict.outcome else _effect(one.case, verdict, interim, now)
        if lines:
            lines += others[one.case.pk].lines(upheld=verdict.outcome == Decision.Outcome.VIOLATION)
        departure = None if obstacles else departures.get(one.case.pk)
        found.append(Effect(one.case, one.version, name_of(one.case.subject), obstacles, lines, told, departure))
    return found


def departures_of(some: Sequence[Case], verdict: Verdict, viewer: User) -> dict[int, Departure]:
    """The precedents from which deciding each of `some` so would depart, by its id; six queries, however many (D6)."""
    if not verdict.outcome or not some:
        return {}
    kinds = [one.kind for one in verdict.measures if one.kind in KINDS]
    similar = similar_decided_of(some, viewer)
    found = {key: departs(verdict.outcome, kinds, precedents) for key, precedents in similar.items()}
    return {key: one for key, one in found.items() if one is not None}


@dataclass
class _Others:
    """What deciding means for those whom no measure affects: parties hear of it, what is asked of an owner ends."""

    parties: list[Party] = field(default_factory=list)
    reporters: set[int] = field(default_factory=set)
    asked: list[Measure] = field(default_factory=list)
    claims: int = 0

    def lines(self, *, upheld: bool) -> list[str]:
        """As write_outcome, tell_of_claims and end_requests do it."""
        heard = [
            one for one in self.parties
            if one.user_id not in self.reporters and not (upheld and one.role == Party.Role.OWNER)
        ]  # fmt: skip
        lines = [_("A letter with the outcome goes to: %(party)s.") % {"party": _called(one)} for one in heard]
        lines += [_("No longer asked of the owner: %(what)s") % {"what": one.get_kind_display()} for one in self.asked]
        if upheld and self.claims:
            lines.append(_("The owner learns who claims rights in it, and how to contradict that."))
        return lines


def _others_of(some: Sequence[Case]) -> dict[int, _Others]:
    """By the id of the case; four queries."""
    found: dict[int, _Others] = {case.pk: _Others() for case in some}
    parties = Party.objects.filter(case__in=found, left_at=None).select_related("user__guest", "organization")
    for party in parties.order_by("pk"):
        found[party.case_id].parties.append(party)
    reports = CaseReport.objects.filter(case__in=found)
    for case, reporter in reports.values_list("case", "report__reporter").distinct():
        found[case].reporters.add(reporter)
    claims = reports.filter(report__claim__isnull=False).exclude(report__state=Report.State.WITHDRAWN)
    for case in claims.values_list("case", flat=True):
        found[case].claims += 1
    by_subject = {case.subject_id: case.pk for case in some}
    standing = Measure.objects.standing().filter(subject__in=by_subject, owner_request__isnull=False)
    for measure in standing.exclude(until_done="").order_by("pk"):
        found[by_subject[measure.subject_id]].asked.append(measure)
    return found


def _called(party: Party) -> str:
    """A party as the team knows it: its role, and who it is."""
    role = str(party.get_role_display())
    if party.organization is not None:
        return f"{role} ({party.organization.name})"
    if party.user is None:
        return role
    return f"{role} ({party.user.fullname if party.user.is_guest else party.user.username})"


def kinds_among(chosen: Sequence[Chosen]) -> list[tuple[MeasureKind, int]]:
    """The kinds of measures that fit any of the cases, mildest first, and how many each fits; no query."""
    counts = [(kind, sum(kind.applies_to(one.case.subject) for one in chosen)) for kind in DECIDED.values()]
    return [(kind, count) for kind, count in counts if count]


def _with_words(verdict: Verdict) -> Verdict:
    return Verdict(verdict.outcome, verdict.clause, verdict.measures, NOT_WRITTEN)


def _effect(case: Case, verdict: Verdict, interim: list[Measure], now: datetime) -> tuple[list[str], list[str]]:
    """Lines in words, and the names of those who are told of the measures."""
    lines: list[str] = []
    measures = []
    if verdict.outcome == Decision.Outcome.NO_VIOLATION:
        lines.append(_("Nothing is restricted; the case closes."))
    stands = {one.kind: one for one in interim}
    for order in [one for one in verdict.measures if one.kind in KINDS]:
        kind = KINDS[order.kind]
        new = _as_if_taken(kind, case, order.end(now), now, order.until_done)
        measure = stands.pop(kind.code, None) or new
        measures.append(measure)
        lines.append(_line(kind, measure, case))
        if order.has_end or order.until_done:
            lines.append(_("It holds %(duration)s.") % {"duration": kind.duration(new)})
        for code, _about in kind.parts(case.subject, order.consequences):
            part = stands.pop(code, None) or _as_if_taken(KINDS[code], case, None, now)
            measures.append(part)
            lines.append(_line(KINDS[code], part, case))
        if kind.public and verdict.clause is not None:
            lines.append(_in_public(verdict.clause))
    lines += [_("Lifted: %(measure)s") % {"measure": one.get_kind_display()} for one in stands.values()]
    if case.report_count:
        lines.append(
            ngettext(
                "%(count)s reporter hears the outcome.", "%(count)s reporters hear the outcome.", case.report_count
            )
            % {"count": case.report_count}
        )
    return lines, [person.username for person in affected_by([*measures, *stands.values()])]


def _as_if_taken(kind: MeasureKind, case: Case, end: datetime | None, now: datetime, until_done: str = "") -> Measure:
    person = kind.person(case.subject)
    ends_at = end or (now + kind.lasts if kind.lasts else None)
    return Measure(kind=kind.code, subject=case.subject, person=person, ends_at=ends_at, until_done=until_done)


def _line(kind: MeasureKind, measure: Measure, case: Case) -> str:
    """Which measure on whom; what it means stands beside the choice of measures."""
    label = kind.label[:1].upper() + kind.label[1:]
    if measure.person is not None:
        return _("%(measure)s, for %(person)s") % {"measure": label, "person": measure.person.username}
    return _("%(measure)s, on %(what)s") % {"measure": label, "what": name_of(case.subject).what}


def _in_public(clause: Clause) -> str:
    if clause.publicity == Clause.Publicity.NO:
        return _("A public discussion says that it is restricted, and nothing more.")
    return _("A public discussion opens in the repository, with your words.")
