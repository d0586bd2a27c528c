"""Steps that tests of several rooms begin with: something is reported and decided through the actions."""

from typing import Any

from accounts.actions import make_moderator, register
from accounts.models import User
from accounts.queries import system_actor
from moderation.cases.actions import MeasureOrder, confirm_decision, decide, receive_report
from moderation.cases.models import Case, Confirmation, Decision
from moderation.policy.models import Clause
from moderation.reports.models import Report

WORDS = "We looked at the whole thread and at your card."


def reported(target: Any, by: User, clause: str = "harassment", **options: Any) -> Report:
    words = options.pop("text", "Please look at this.")
    return receive_report(target, clause=Clause.objects.get(code=clause), text=words, actor=by, **options)


def decided(case: Case, by: User, *measures: str, clause: str = "harassment", explanation: str = WORDS) -> Decision:
    """A violation with `measures`, or none without any; confirmed where somebody else has to."""
    decision = decide(
        case,
        actor=by,
        version=Case.objects.get(pk=case.pk).version,
        outcome="violation" if measures else "no_violation",
        clause=Clause.objects.get(code=clause) if measures else None,
        measures=[MeasureOrder(kind) for kind in measures],
        explanation=explanation,
    )
    return seconded(decision)


def seconded(decision: Decision) -> Decision:
    """The decision, confirmed by somebody else of the team where it waits for that."""
    waiting = Confirmation.objects.filter(decision=decision, state=Confirmation.State.WAITING).first()
    if waiting is None:
        return decision
    second = User.objects.filter(username="second-pair").first()
    if second is None:
        person = User(username="second-pair", email="second@people.example")
        make_moderator(register(person, password="a long test password"), actor=system_actor())
        second = User.objects.get(username="second-pair")
    version = Case.objects.get(pk=decision.case_id).version
    second.groups.set(decision.actor.groups.all())  # who decides in a lane of its own is confirmed by its people
    return confirm_decision(waiting, actor=second, version=version)


def case_of(report: Report) -> Case:
    return Case.objects.get(case_reports__report=report)
