"""What everybody will read of a decision, before it is made, from the composers of the letters; writes nothing (G1).

Times count from the moment of the preview; those of the letters from when the decision takes effect.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import InboxMessage, User
from foundation import clock
from foundation.drafts import draft
from foundation.errors import Refused
from moderation.cases.actions.circumstances import reports_of
from moderation.cases.actions.closing import letters_to_reporters, said_of
from moderation.cases.actions.confirmations import HELD, HOLD, can_be_held, waits_for
from moderation.cases.actions.orders import MeasureOrder, Verdict, said_in_public
from moderation.cases.actions.requirements import require_readable
from moderation.cases.actions.standing import draft_conditions_of, draft_letters
from moderation.cases.actions.taking import Key, standing_before
from moderation.cases.confirming import Guard, guard_of
from moderation.cases.letters_of_lifting import draft_lifting
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
from moderation.subjects.models import Subject
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

    `conditions` are those under which a repository stays (E5); `lifted` are about what stands and ends by it.
    """

    statements: Sequence[Shown]
    conditions: Sequence[Shown]
    lifted: Sequence[Shown]
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
    standing = standing_before(case)
    if verdict.measures or standing:
        in_public = said_in_public(verdict.clause, verdict.measures)
        require_discreet(case, verdict.explanation, confirmed=naming, in_public=in_public, reports=reports)
    decision = _drafted(case, verdict, actor)
    taken = _measures(case, decision, verdict, standing, actor)
    guard = guard_of(verdict.clause, [kind for one in verdict.measures for kind in one.kinds])
    statements = []
    if taken:
        said = said_of(case, decision, verdict.explanation)
        statements = draft_statements(decision.public_id, taken, at=decision.decided_at, **said)
    conditions = draft_conditions_of(case, decision, verdict.conditions)
    return Preview(
        statements=[Shown(one.statement.recipient, one.letter) for one in statements],
        conditions=[Shown(one.recipient, one) for one in draft_letters(case, conditions)],
        lifted=[Shown(one.recipient, one) for one in _ended(case, verdict, standing)],
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


def _measures(
    case: Case, decision: Decision, verdict: Verdict, before: Sequence[Measure], actor: User
) -> list[Measure]:
    """What would be taken, in the order of the statement: what stands `before` and is named stays, the rest is new."""
    standing: dict[Key, Measure] = {}
    for measure in before:
        standing.setdefault((measure.kind, measure.subject_id), measure)
    at, policy = decision.decided_at, decision.policy_version
    taken, wholes = [], {}
    for order in verdict.measures:
        if found := standing.get((order.kind, case.subject_id)):
            _confirmed(found, case.subject, decision, ends_at=order.end(at), until_done=order.until_done)
            wholes[order.kind] = found
            taken.append(found)
    said: dict[str, Any] = {"clause": decision.clause, "reason": verdict.explanation, "actor": actor}
    said["at"] = at, policy
    for order in verdict.measures:
        whole = wholes.get(order.kind)
        if whole is None:
            end = order.end(at)
            whole = draft_measure(order.kind, case.subject, ends_at=end, until_done=order.until_done, **said)
            taken.append(whole)
        taken += _brought(case, decision, order, whole, standing, said)
    return taken


def _ended(case: Case, verdict: Verdict, before: Sequence[Measure]) -> Iterator[InboxMessage]:
    """The letters about what stands `before` and the decision does not name: as taking.end_measures tells it."""
    named = {(one.kind, case.subject_id) for one in verdict.measures}
    for order in verdict.measures:
        named |= {(kind, about.pk) for kind, about in KINDS[order.kind].parts(case.subject, order.consequences)}
    loud = {one.pk: one for one in before if (one.kind, one.subject_id) not in named}
    for measure in loud.values():
        if measure.part_of_id not in loud:
            parts = [one for one in loud.values() if one.part_of_id == measure.pk]
            yield from draft_lifting(measure, *parts, reason=verdict.explanation)


def _brought(
    case: Case,
    decision: Decision,
    order: MeasureOrder,
    whole: Measure,
    standing: dict[Key, Measure],
    said: dict[str, Any],
) -> list[Measure]:
    """What a measure brings along."""
    taken = []
    for kind, subject in KINDS[order.kind].parts(case.subject, order.consequences):
        found = standing.get((kind, subject.pk))
        if found is not None:
            _confirmed(found, subject, decision)
        taken.append(found or draft_measure(kind, subject, part_of=whole, **said))
    return taken


def _confirmed(measure: Measure, subject: Subject, decision: Decision, **end: Any) -> None:
    assert decision.clause is not None
    measure.subject = subject
    as_confirmed(measure, clause=decision.clause, policy_version=decision.policy_version, **end)


def _notices(case: Case, decision: Decision, taken: Sequence[Measure], guard: Guard, actor: User) -> list[Shown]:
    holding = [one for one in taken if not one.pk and (guard.after or not waits_for(guard, one.kind))]
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
