"""What a decision makes wait for its owner, and under which conditions a repository stays (E5)."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import draft_letter, send_letters, write_to
from accounts.models import InboxMessage, User
from accounts.queries import people_told_about, system_actor
from foundation import changes
from foundation.errors import Refused
from foundation.markdown import literal
from foundation.rows import insert_each
from moderation.cases.actions.locking import lock_case
from moderation.cases.actions.orders import Verdict, waited_for
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.models import Case, Decision
from moderation.cases.naming import require_discreet
from moderation.cases.permissions import require_impartial
from moderation.sanctions import actions as sanctions
from moderation.sanctions.actions.measures import require_condition
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import StandingCondition
from repositories.asked import chosen_in, how_to, is_kept, is_met
from repositories.models import Condition

SHORTEST_REASON = 10
WITHDRAWN = "condition.withdrawn"


def require_conditions(row: Case, verdict: Verdict, actor: User) -> None:
    """Raise Refused for an end that cannot be waited for, a condition that cannot hold, a request in a decision.

    What was done already is nothing to wait for; a condition that is not kept now needs a measure that waits for it.
    """
    if any(one.kind in KINDS and KINDS[one.kind].asks for one in verdict.measures):
        raise Refused(
            _("A request to the owner is made before you decide, not by a decision."), code="request", status=400
        )
    waiting = [one for one in verdict.measures if one.until_done and one.kind in KINDS]
    if not waiting and not verdict.conditions:
        return
    repository = row.subject.repository
    if repository is None:
        raise Refused(_("Only a repository can wait for its owner."), code="unfit", status=400)
    chosen = chosen_in(repository)
    for one in waiting:
        require_condition(KINDS[one.kind], one.until_done)
        if one.has_end:
            raise Refused(_("Choose a time or what the owner has to do, not both."), code="invalid", status=400)
        if is_met(one.until_done, chosen):
            words = _("The owner did this already: %(what)s. Choose another end.")
            raise Refused(words % {"what": Condition(one.until_done).label}, code="done_already")
    if set(verdict.conditions) - set(Condition.values) or len(set(verdict.conditions)) != len(verdict.conditions):
        raise Refused(_("Choose each condition once."), code="invalid", status=400)
    for code in verdict.conditions:
        if not is_kept(code, chosen) and code not in {one.until_done for one in waiting}:
            words = _("This is not so now: %(what)s. Ask the owner first, or choose a measure that holds until then.")
            raise Refused(words % {"what": Condition(code).label}, code="not_kept")


def draft_conditions_of(
    row: Case, decision: Decision, codes: Sequence[str], waited: Collection[str] = ()
) -> list[StandingCondition]:
    """The conditions that a decision sets, as rows that the caller saves; none is set twice.

    `waited` are those that its measures wait for.
    """
    if not codes:
        return []
    return sanctions.draft_conditions(
        row.subject,
        codes,
        clause=decision.clause or row.clause,
        decision_id=decision.public_id,
        actor=decision.actor,
        at=decision.decided_at,
        waited=waited,
    )


def set_conditions(row: Case, decision: Decision, actor: User) -> list[StandingCondition]:
    """Set the conditions of a decision that is final, and tell whoever manages the repository; returns them."""
    data = decision.event.data
    made = draft_conditions_of(row, decision, data.get("conditions", ()), waited_for(data))
    insert_each([[one] for one in made])
    tell_of_conditions(row, made, actor=actor)
    return made


def tell_of_conditions(row: Case, made: Sequence[StandingCondition], *, actor: User) -> None:
    """Whoever manages the repository reads under which conditions it stays; they are looked at after the commit."""
    if not made:
        return
    repository = row.subject.repository
    assert repository is not None
    changes.tell("repository.changed", repository.pk, actor_id=actor.pk)
    send_letters(draft_letters(row, made), actor=actor)


def draft_letters(row: Case, made: Sequence[StandingCondition]) -> list[InboxMessage]:
    """To whoever manages the repository, one letter for each condition; not saved yet."""
    if not made:
        return []
    repository = row.subject.repository
    assert repository is not None
    people = people_told_about(repository.namespace)
    return [_letter(one, row, person) for one in made for person in people]


@transaction.atomic
def withdraw_condition(
    condition: StandingCondition,
    *,
    reason: str,
    actor: User,
    naming: bool = False,
    request_id: uuid.UUID | None = None,
) -> None:
    """The condition holds no more; whoever manages the repository hears it (E5).

    `naming` confirms that a name in the reason may stay (C2). Raises Forbidden, NamesSomebody, GivesAway, or Refused
    without a reason and when it was withdrawn before. A repeated `request_id` does nothing more.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence why it holds no more: people will read it."), code="invalid", status=400)
    row = lock_case(Case.objects.get(decisions__public_id=condition.decision_id))
    done = {"condition": condition.public_id.hex}
    if was_done(row, WITHDRAWN, request_id, data=done, text=reason.strip(), actor=actor):
        return
    if not actor.is_system:
        require_impartial(row, actor)
        require_discreet(row, reason, confirmed=naming)
    withdraw_locked(row, condition, reason=reason.strip(), actor=actor, request_id=request_id)


def withdraw_of(row: Case, decision: Decision, *, reason: str, actor: User) -> None:
    """What a decision set holds no more, because the decision does not stand; its case's row is locked."""
    for one in StandingCondition.objects.filter(decision_id=decision.public_id, withdrawn_at=None).order_by("pk"):
        withdraw_locked(row, one, reason=reason, actor=actor)


def withdraw_locked(
    row: Case, condition: StandingCondition, *, reason: str, actor: User, request_id: uuid.UUID | None = None
) -> None:
    sanctions.withdraw(condition, reason=reason, actor=actor)
    data = marked({"condition": condition.public_id.hex, "code": condition.condition}, request_id)
    record(row, WITHDRAWN, actor=actor, data=data, text=reason, moves=False, seals=[condition])
    repository = condition.subject.repository
    assert repository is not None
    for person in people_told_about(repository.namespace):
        with translation.override(person.language):
            write_to(
                person,
                key=f"condition-withdrawn:{condition.public_id}",
                subject=_("A condition holds no more: %(name)s") % {"name": repository.full_name},
                body=_("%(name)s no longer stays under this condition: %(what)s.\n\n> %(reason)s")
                % {
                    "name": literal(repository.full_name),
                    "what": condition.get_condition_display(),
                    "reason": reason.replace("\n", "\n> "),
                },
                link=repository.get_absolute_url(),
                link_label=_("The repository"),
                actor=actor,
            )


def _letter(one: StandingCondition, row: Case, person: User) -> InboxMessage:
    repository = row.subject.repository
    assert repository is not None
    with translation.override(person.language):
        words: dict[str, Any] = {"name": literal(repository.full_name), "what": one.get_condition_display()}
        parts = [
            _("%(name)s stays on one condition, from now on: %(what)s.") % words,
            how_to(one.condition),
            _("If it is so no longer, we look at the matter again. If you think that it is wrong, answer us."),
        ]
        return draft_letter(
            person,
            key=f"condition:{one.public_id}",
            subject=_("A condition for %(name)s") % {"name": repository.full_name},
            body="\n\n".join(parts),
            link=repository.get_absolute_url(),
            link_label=_("The repository"),
        )


def note_broken(row: Case, condition: StandingCondition) -> None:
    """The event of a broken condition in a case whose row is locked; a decision that did not know of it is stale."""
    data = {"condition": condition.public_id.hex, "code": condition.condition}
    record(row, "condition.broken", actor=system_actor(), data=data)
