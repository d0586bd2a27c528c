"""Steps that tests of several rooms begin with: something is reported and decided through the actions."""

from typing import Any

from accounts.models import User
from moderation.cases.actions import MeasureOrder, decide, receive_report
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause
from moderation.reports.models import Report

WORDS = "We looked at the whole thread and at your card."


def reported(target: Any, by: User, clause: str = "harassment", **options: Any) -> Report:
    words = options.pop("text", "Please look at this.")
    return receive_report(target, clause=Clause.objects.get(code=clause), text=words, actor=by, **options)


def decided(case: Case, by: User, *measures: str, clause: str = "harassment", explanation: str = WORDS) -> Decision:
    """A violation with `measures`, or none without any."""
    return decide(
        case,
        actor=by,
        version=Case.objects.get(pk=case.pk).version,
        outcome="violation" if measures else "no_violation",
        clause=Clause.objects.get(code=clause) if measures else None,
        measures=[MeasureOrder(kind) for kind in measures],
        explanation=explanation,
    )


def case_of(report: Report) -> Case:
    return Case.objects.get(case_reports__report=report)
