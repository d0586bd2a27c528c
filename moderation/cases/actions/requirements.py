"""What a decision must fulfil before it is made: each rule a function of its own, asked in this order."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.compiled import Compiled
from foundation.errors import Refused
from moderation.cases.actions.circumstances import Circumstances
from moderation.cases.actions.free import require_free
from moderation.cases.actions.orders import Verdict
from moderation.cases.actions.standing import require_conditions
from moderation.cases.actions.windows import require_owner_heard, require_why_not_asked
from moderation.cases.models import Case, Confirmation, Decision, Event
from moderation.cases.permissions import require_not_decided_before
from moderation.cases.queries import BESIDE, events_of
from moderation.sanctions.measures import KINDS, Consequence
from moderation.sanctions.models import Measure

SHORTEST_EXPLANATION = 10


class StaleDecision(Refused):
    """The case changed after the moderator opened it; `events` are what happened since, oldest first."""

    code = "stale"

    def __init__(self, case: Case, events: list[Event]) -> None:
        self.case, self.events = case, events
        who = ", ".join(sorted({event.actor.username for event in events}))
        changed = _("This case changed while you looked at it (by %(who)s). Look at what is new, then decide again.")
        never = _("This form does not belong to the case as it is. Reload the page and decide again.")
        super().__init__(changed % {"who": who} if events else never)


def require_current(row: Case, version: int, actor: User, now: datetime | None = None) -> None:
    """Raise for a case that changed, is decided, or is in somebody else's hands at `now`, the present moment."""
    if row.version != version:
        raise StaleDecision(row, list(events_of(row).filter(case_version__gt=version).exclude(kind__in=BESIDE)))
    if row.state != Case.State.OPEN:
        raise Refused(_("This case is decided already."), code="decided")
    if not actor.is_system:
        require_free(row, actor, now)


def require_whole(row: Case, verdict: Verdict, actor: User, there: Circumstances | None = None) -> None:
    """Raise Refused for what is missing, does not fit together, or is not allowed in this case now.

    `there` is what the case has now, where that is known.
    """
    if not (actor.is_system or verdict.interim):
        require_not_decided_before(row, actor)
    # What a lane holds on anyone's word waits for nobody (C6, C9).
    at_once = verdict.interim and any(one.until_looked for one in verdict.measures)
    if not at_once and (there.second if there else _waits_for_second(row)):
        raise Refused(_("This case waits for a second moderator to confirm what was decided."), code="second")
    for requirement in (
        _whole,
        _fitting_consequences,
        require_conditions,
        _bad_faith_of_no_violation,
        require_owner_heard,
        require_why_not_asked,
    ):
        requirement(row, verdict, actor)
    require_support(row, [one.kind for one in verdict.measures], there.at_risk if there else None)
    _sealed_stays_hidden(row, verdict)
    _preserved_in_its_lane(row, verdict)


def require_readable(row: Case, verdict: Verdict, actor: User) -> None:
    """Raise Refused where it is not whole enough for anybody to read it: what a preview asks for."""
    for requirement in (_whole, _fitting_consequences):
        requirement(row, verdict, actor)


def _waits_for_second(row: Case) -> bool:
    return Confirmation.objects.filter(decision__case=row, state=Confirmation.State.WAITING).exists()


def require_support(row: Case, kinds: Sequence[str], elsewhere: bool | None = None) -> None:
    """A person at risk gets support, never a sanction, wherever it is decided (C10); hiding stays possible.

    `elsewhere` is whether another of their cases says so, where that is known.
    """
    known = [KINDS[one] for one in kinds if one in KINDS]
    if not known or (author := row.subject.author) is None or not any(one.person(row.subject) for one in known):
        return
    if row.at_risk or (_at_risk(author.pk) if elsewhere is None else elsewhere):
        raise Refused(
            _("Somebody of us marked this person as at risk: they get support, never a sanction. Hide or hold it."),
            code="at_risk",
        )


@Compiled
def _at_risk(person: int) -> QuerySet[Case, int]:
    rows = Case.objects.filter(author=person, state=Case.State.OPEN, at_risk=True)
    return rows.values_list("pk", flat=True)[:1]


def _whole(row: Case, verdict: Verdict, actor: User) -> None:
    outcome, clause, measures = verdict.outcome, verdict.clause, verdict.measures
    if outcome not in Decision.Outcome.values:
        raise Refused(_("Choose whether this is a violation."), code="invalid", status=400)
    if len(verdict.explanation.strip()) < SHORTEST_EXPLANATION:
        raise Refused(_("Explain the decision in a sentence: people will read it."), code="invalid", status=400)
    if outcome == Decision.Outcome.VIOLATION and (clause is None or not measures):
        raise Refused(_("A violation needs a clause and at least one measure."), code="invalid", status=400)
    if outcome == Decision.Outcome.NO_VIOLATION and (clause is not None or measures):
        raise Refused(_("“No violation” goes with neither a clause nor a measure."), code="invalid", status=400)
    kinds = [kind for one in measures for kind in one.kinds]
    if len(set(kinds)) != len(kinds):
        raise Refused(_("Choose each measure once."), code="invalid", status=400)
    for one in measures:
        # What a rule did ends whatever its kind is (I1).
        if one.has_end and one.kind in KINDS and not (KINDS[one.kind].chooses_end or verdict.interim):
            words = _("“%(measure)s” has no end to choose.") % {"measure": KINDS[one.kind].label}
            raise Refused(words, code="invalid", status=400)


def _fitting_consequences(row: Case, verdict: Verdict, actor: User) -> None:
    """What a measure brings along is chosen, and fits (F2)."""
    for one in verdict.measures:
        kind = KINDS.get(one.kind)
        if kind is None or not (kind.brings or one.consequences):
            continue
        if kind.brings and not one.consequences:
            words = _("Choose at least one consequence of “%(measure)s”.") % {"measure": kind.label}
            raise Refused(words, code="invalid", status=400)
        fit = kind.consequences_for(row.subject)
        for code in one.consequences:
            if code not in fit:
                name = Consequence(code).label if code in Consequence.values else code
                words = _("“%(consequence)s” does not fit this.") % {"consequence": name}
                raise Refused(words, code="unfit", status=400)


def _sealed_stays_hidden(row: Case, verdict: Verdict) -> None:
    """What is found to be of a sealed clause is not shown again by the decision that says so (C9)."""
    lane = verdict.clause.lane if verdict.clause and verdict.clause.lane_id else None
    if verdict.interim or lane is None or not lane.sealed or clock.is_importing():
        return
    held = Measure.objects.standing().filter(subject=row.subject_id, kind=Measure.Kind.HOLD, interim=True)
    chosen = [one.kind for one in verdict.measures]
    if Measure.Kind.HOLD not in chosen and not _preserving(verdict) and held.exists():
        raise Refused(
            _("Without a hold everybody could read it again. Choose the hold too, or another reason."), code="sealed"
        )


def _preserved_in_its_lane(row: Case, verdict: Verdict) -> None:
    """What is kept for the authorities is kept where its people alone see the case (C9)."""
    if _preserving(verdict) and not (row.lane and row.lane.sealed) and not clock.is_importing():
        raise Refused(
            _("Only the people of its lane can do that, and see what is kept. Bring the case into that lane first."),
            code="lane",
        )


def _preserving(verdict: Verdict) -> bool:
    return any(one.kind in KINDS and KINDS[one.kind].preserves for one in verdict.measures)


def _bad_faith_of_no_violation(row: Case, verdict: Verdict, actor: User) -> None:
    """Whoever was right did not report in bad faith (C4)."""
    if verdict.bad_faith and verdict.outcome != Decision.Outcome.NO_VIOLATION:
        raise Refused(_("Only a report of what is no violation can be in bad faith."), code="invalid", status=400)
