"""What everybody will read of a decision, before it is made, from the composers of the letters; writes nothing (G1).

Times count from the moment of the preview; those of the letters from when the decision takes effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import InboxMessage, User
from foundation import clock
from foundation.drafts import draft
from foundation.errors import Refused
from moderation.cases.actions.closing import letters_to_reporters, reports_of, said_of
from moderation.cases.actions.confirmations import HELD, HOLD, can_be_held, waits_for
from moderation.cases.actions.orders import MeasureOrder, Verdict, said_in_public
from moderation.cases.actions.requirements import require_readable
from moderation.cases.actions.standing import draft_conditions_of, draft_letters
from moderation.cases.confirming import Guard, guard_of
from moderation.cases.letters_of_second import draft_notices
from moderation.cases.models import Case, Decision
from moderation.cases.naming import require_discreet
from moderation.cases.permissions import require_decide
from moderation.policy.queries import version_in_force
from moderation.reports.models import Report
from moderation.sanctions.actions import draft_statements
from moderation.sanctions.actions.measures import as_confirmed, draft_measure
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.queries import answered_for

_LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Shown:
    """A letter as `person` will get it; of several with the same words to reporters, one for `count` of them."""

    person: User
    letter: InboxMessage
    count: int = 1

    @property
    def language(self) -> str:
        return str(_LANGUAGES.get(self.person.language, self.person.language))


@dataclass(frozen=True)
class Preview:
    """All letters of a decision. With a `guard` a second one confirms it first: only `notices` go out at once.

    `conditions` are those under which a repository stays (E5).
    """

    statements: Sequence[Shown]
    conditions: Sequence[Shown]
    notices: Sequence[Shown]
    reporters: Sequence[Shown]
    guard: Guard | None


def preview_decision(case: Case, verdict: Verdict, *, actor: User, naming: bool = False) -> Preview:
    """The letters of deciding `case` so, now, by `actor`.

    Raises Forbidden, or Refused for a verdict that is not whole, for a case that is not open, and for words that give
    somebody away (C2). What else keeps a decision from being made, it says itself.
    """
    require_decide(case, actor)
    if case.kind != Case.Kind.REVIEW:
        raise Refused(_("An appeal is answered on its own page."), code="appeal")
    if case.state != Case.State.OPEN:
        raise Refused(_("This case is decided already."), code="decided")
    case.subject = answered_for(case.subject_kind, case.subject_id)
    require_readable(case, verdict, actor)
    reports = reports_of(case.pk)
    if verdict.measures:
        in_public = said_in_public(verdict.clause, verdict.measures)
        require_discreet(case, verdict.explanation, confirmed=naming, in_public=in_public, reports=reports)
    decision = _drafted(case, verdict, actor)
    taken = _measures(case, decision, verdict, actor)
    guard = guard_of(verdict.clause, [kind for one in verdict.measures for kind in one.kinds])
    statements = []
    if taken:
        said = said_of(case, decision, verdict.explanation)
        statements = draft_statements(decision.public_id, taken, at=decision.decided_at, **said)
    conditions = draft_conditions_of(case, decision, verdict.conditions)
    return Preview(
        statements=[Shown(one.statement.recipient, one.letter) for one in statements],
        conditions=[Shown(one.recipient, one) for one in draft_letters(case, conditions)],
        notices=_notices(case, decision, taken, guard, actor) if guard else (),
        reporters=_by_language(reports, decision),
        guard=guard,
    )


def _drafted(case: Case, verdict: Verdict, actor: User) -> Decision:
    return draft(
        Decision,
        case=case,
        actor=actor,
        outcome=verdict.outcome,
        clause=verdict.clause,
        policy_version=version_in_force(),
        decided_at=clock.now(),
    )


def _measures(case: Case, decision: Decision, verdict: Verdict, actor: User) -> list[Measure]:
    """What would be taken, in the order of the statement: what a rule did and is named stands, the rest is new."""
    rows = Measure.objects.standing().filter(subject=case.subject, interim=True).order_by("pk")
    standing, orders = {one.kind: one for one in rows}, {one.kind: one for one in verdict.measures}
    at, policy = decision.decided_at, decision.policy_version
    taken = []
    for kind, measure in standing.items():
        if kind in orders:
            order = orders[kind]
            _confirmed(measure, case, decision, ends_at=order.end(at), until_done=order.until_done)
            taken.append(measure)
    said: dict[str, Any] = {"clause": decision.clause, "reason": verdict.explanation, "actor": actor}
    said["at"] = at, policy
    for one in [order for order in verdict.measures if order.kind not in standing]:
        taken += _new(case, decision, one, standing, said)
    return taken


def _new(
    case: Case, decision: Decision, order: MeasureOrder, standing: dict[str, Measure], said: dict[str, Any]
) -> list[Measure]:
    """A measure that nobody took yet, and what it brings along."""
    end = order.end(decision.decided_at)
    measure = draft_measure(order.kind, case.subject, ends_at=end, until_done=order.until_done, **said)
    taken = [measure]
    for kind, subject in KINDS[order.kind].parts(case.subject, order.consequences):
        if kind in standing and subject == case.subject:
            _confirmed(standing[kind], case, decision)
            taken.append(standing[kind])
        else:
            taken.append(draft_measure(kind, subject, part_of=measure, **said))
    return taken


def _confirmed(measure: Measure, case: Case, decision: Decision, **end: Any) -> None:
    assert decision.clause is not None
    measure.subject = case.subject
    as_confirmed(measure, clause=decision.clause, policy_version=decision.policy_version, **end)


def _notices(case: Case, decision: Decision, taken: Sequence[Measure], guard: Guard, actor: User) -> list[Shown]:
    holding = [one for one in taken if guard.after or not (one.pk or waits_for(guard, one.kind))]
    if not guard.after and can_be_held(case):
        assert decision.clause is not None
        at = decision.decided_at, decision.policy_version
        holding.append(draft_measure(HOLD, case.subject, clause=decision.clause, reason=HELD, actor=actor, at=at))
    letters = draft_notices(decision.public_id, holding, decision.decided_at + settings.SECOND_WITHIN)
    return [Shown(one.recipient, one) for one in letters]


def _by_language(reports: Sequence[Report], decision: Decision) -> list[Shown]:
    """What reporters hear, once in each language; of whom no name is shown."""
    upheld = decision.outcome == Decision.Outcome.VIOLATION
    found: dict[str, list[InboxMessage]] = {}
    for letter in letters_to_reporters(reports, upheld, decision.decided_at):
        found.setdefault(letter.recipient.language, []).append(letter)
    return [Shown(letters[0].recipient, letters[0], len(letters)) for letters in found.values()]
