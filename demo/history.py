"""What was reported and decided in the demo hub, in the order in which it happened."""

from typing import Any

from accounts.models import User
from accounts.queries import system_actor
from demo import content
from demo.hub import Hub
from foundation import clock
from moderation.automation.actions import switch_rule
from moderation.automation.models import Rule
from moderation.cases.actions import MeasureOrder, decide, receive_report
from moderation.cases.actions.looked_at import case_of
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.reports.details import Details
from moderation.subjects.actions import subject_of

STATE_MEASURES = {"downgraded": "downgrade", "disabled": "disable"}
# How long ago the team imposed the states that the repositories' files name, for which nobody had reported anything.
STATE_DAYS_AGO = {"downgraded": 28.0, "disabled": 35.0}


def load_history(hub: Hub) -> None:
    """Replay reports and decisions through the same actions as people use, then switch the rules live."""
    clauses = Clause.objects.in_bulk(field_name="code")
    happened = [(one["days_ago"], "report", one) for one in content.read("reports.yaml")]
    happened += [(one["days_ago"], "decision", one) for one in content.read("decisions.yaml")]
    happened += [(STATE_DAYS_AGO[one["state"]], "state", one) for one in content.repositories() if one.get("state")]
    for days_ago, kind, values in sorted(happened, key=lambda one: (-one[0], one[1] != "report")):
        with clock.importing(hub.before(days_ago)):
            if kind == "report":
                _report(hub, values, clauses[values["clause"]])
            elif kind == "decision":
                _decide(hub, values, clauses)
            else:
                _impose_state(hub, values, clauses[values["state_clause"]])
    with clock.importing(hub.before(0)):
        for rule in Rule.objects.all():
            switch_rule(rule, Rule.Mode.LIVE, actor=system_actor())


def _report(hub: Hub, values: dict[str, Any], clause: Clause) -> None:
    receive_report(
        hub.find(values["about"]),
        clause=clause,
        text=values["text"],
        actor=hub.people[values["reporter"]],
        ground=values["ground"],
        confidential=values["confidential"],
        details=Details(danger=values.get("danger", False)),
    )


def _decide(hub: Hub, values: dict[str, Any], clauses: dict[str, Clause]) -> None:
    subject = subject_of(hub.find(values["about"]))
    case = Case.objects.get(subject=subject, state=Case.State.OPEN)
    violation = values["outcome"] == "violation"
    _decide_case(
        case,
        hub.people[values["moderator"]],
        clauses[values["clause"]] if violation else None,
        values.get("measures") or [] if violation else [],
        values["reason"],
    )


def _impose_state(hub: Hub, values: dict[str, Any], clause: Clause) -> None:
    repository = hub.repositories[f"{values['kind']}:{values['owner']}/{values['name']}"]
    moderator = hub.people["mira"]
    case = case_of(subject_of(repository), clause=clause, actor=moderator)
    _decide_case(case, moderator, clause, [STATE_MEASURES[values["state"]]], values["state_reason"])


def _decide_case(case: Case, moderator: User, clause: Clause | None, measures: list[str], reason: str) -> None:
    decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation" if clause else "no_violation",
        clause=clause,
        measures=[MeasureOrder(kind) for kind in measures],
        explanation=reason,
    )
