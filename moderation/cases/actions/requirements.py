"""What a decision must fulfil before it is made: each rule a function of its own, asked in this order."""

from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions.claims import ClaimedByOther
from moderation.cases.actions.orders import Verdict
from moderation.cases.actions.windows import require_owner_heard
from moderation.cases.models import Case, Confirmation, Decision, Event
from moderation.cases.queries import events_of
from moderation.sanctions.measures import KINDS

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


def require_current(row: Case, version: int, actor: User) -> None:
    if row.version != version:
        raise StaleDecision(row, list(events_of(row).filter(case_version__gt=version)))
    if row.state != Case.State.OPEN:
        raise Refused(_("This case is decided already."), code="decided")
    held = row.assignee_id and row.lease_until and row.lease_until > clock.now()
    if held and row.assignee_id != actor.pk and not actor.is_system:
        raise ClaimedByOther(row)


def require_whole(row: Case, verdict: Verdict, actor: User) -> None:
    """Raise Refused for what is missing, does not fit together, or is not allowed in this case now."""
    rules = (_nobody_waited_for, _whole, _bad_faith_of_no_violation, require_owner_heard, _support_no_sanction)
    for requirement in rules:
        requirement(row, verdict, actor)


def _nobody_waited_for(row: Case, verdict: Verdict, actor: User) -> None:
    if Confirmation.objects.filter(decision__case=row, state=Confirmation.State.WAITING).exists():
        raise Refused(_("This case waits for a second moderator to confirm what was decided."), code="second")


def _support_no_sanction(row: Case, verdict: Verdict, actor: User) -> None:
    """A person at risk gets support, never a sanction, wherever it is decided (C10); hiding stays possible."""
    author = row.subject.author
    if author is None or not any(KINDS[one.kind].person(row.subject) for one in verdict.measures if one.kind in KINDS):
        return
    if row.at_risk or Case.objects.filter(author=author, state=Case.State.OPEN, at_risk=True).exists():
        raise Refused(
            _("Somebody of us marked this person as at risk: they get support, never a sanction. Hide or hold it."),
            code="at_risk",
        )


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
    if len({one.kind for one in measures}) != len(measures):
        raise Refused(_("Choose each measure once."), code="invalid", status=400)


def _bad_faith_of_no_violation(row: Case, verdict: Verdict, actor: User) -> None:
    """Whoever was right did not report in bad faith (C4)."""
    if verdict.bad_faith and verdict.outcome != Decision.Outcome.NO_VIOLATION:
        raise Refused(_("Only a report of what is no violation can be in bad faith."), code="invalid", status=400)
