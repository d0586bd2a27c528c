"""Whatever a program sends: no fault, and no answer that the description of the API does not know (K1).

Every operation of the served schema is called in this process with made-up input, valid and not, on things that are
there and on things that are not; each call is rolled back.
"""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.actions import create_token
from accounts.queries import system_actor
from community.actions import add_comment
from moderation.appeals.actions import file_appeal
from moderation.automation.backtests import backtest
from moderation.automation.models import Rule
from moderation.cases.actions import MeasureOrder, decide, invite, receive_report
from moderation.cases.actions.bulk import Chosen, decide_together
from moderation.cases.actions.changed_reports import add_own_file
from moderation.cases.actions.counter import counter
from moderation.cases.actions.templates import write_template
from moderation.cases.actions.views import save_view
from moderation.cases.models import Case, Decision, Party
from moderation.intake.claims import file_claim
from moderation.reports.actions.claims import Answer, Particulars
from moderation.reports.actions.evidence import EvidenceFile
from moderation.sanctions.models import StandingCondition, StatementOfReasons
from moderation.scoring.configured import configured

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Inputs for each operation, valid ones and as many that are not: each is sent by a moderator and by one of the others.
EXAMPLES = 3
OTHERS = ("reporter", "owner", "nobody")
RULES = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)
# What people and programs really send wrong, besides what is made up: it goes wherever text goes.
NASTY = ["\x00", "a\x00b", "\u202eabc", "9" * 400, "", "*", "'; --", "💥" * 50]


@pytest.fixture
def app() -> Iterator[Any]:
    """Our WSGI application, which leaves the connection of the test alone between requests."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def things(
    comment, repository, make_repository, discussion, author, owner, reporter, moderator, other_moderator, clause
):
    """One of everything that an address names, by the name of its parameter."""
    more = [add_comment(discussion, text=f"Idiot number {n}!", actor=author) for n in range(2)]
    reports = [
        receive_report(one, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
        for one in (comment, *more, repository)
    ]
    open_case, decided, together, of_repository = Case.objects.order_by("pk")
    said: dict[str, Any] = {"explanation": "You insulted another person here.", "outcome": Decision.Outcome.VIOLATION}
    said |= {"clause": clause("harassment"), "measures": [MeasureOrder("posting_ban")]}
    decision = decide(decided, actor=other_moderator, version=decided.version, **said)
    bulk = decide_together([Chosen(together, together.version)], actor=moderator, **said)
    party = invite(open_case, role=Party.Role.DEPICTED, person=owner, actor=moderator)
    template = write_template(
        actor=moderator, title="Rude", text="{subject} is rude.", outcome="no_violation", language="en"
    )
    measure = decision.measures.get()
    condition = StandingCondition.objects.create(
        subject=of_repository.subject, condition="gated", clause=clause("harassment"), actor=moderator,
        decision_id=decision.public_id,
    )  # fmt: skip
    picture = EvidenceFile("shot.png", "image/png", b"\x89PNG\r\n\x1a\n")
    file, _new = add_own_file(reports[0], picture, most=3, actor=reporter)
    open_case.refresh_from_db()
    statement = StatementOfReasons.objects.get(decision_id=decision.public_id, recipient=author)
    appeal = file_appeal(decision, text="I quoted somebody else.", actor=reporter)
    ids = {
        "case_id": open_case, "other_id": of_repository, "decision_id": decision, "bulk_id": bulk, "party_id": party,
        "matter_id": party, "report_id": reports[0], "measure_id": measure, "discussion_id": discussion,
        "condition_id": condition, "comment_id": comment, "repository_id": repository, "template_id": template,
        "view_id": save_view("Mine", "lane=mine", shared=True, actor=moderator),
        "attachment_id": file, "statement_id": statement, "appeal_id": appeal,
        "counter_id": _counter(make_repository("copied"), reporter, owner, other_moderator),
        "person_id": reporter, "rule_id": (rule := Rule.objects.get(code="toxic-comment")),
        "backtest_id": backtest(rule, actor=moderator),
    }  # fmt: skip
    known: dict[str, Any] = {name: str(row.public_id) for name, row in ids.items()}
    address = {"kind": "models", "owner": "nok", "name": "tiny-model", "number": discussion.number}
    known |= {"snapshot_id": reports[0].snapshot_id, "code": configured()[0].code, "label": "toxicity"}
    known |= {"letter_id": str(reporter.inbox.latest("pk").public_id)}
    return known | address | {"version": open_case.version, "decided_case": str(decided.public_id)}


def _counter(copied, claimant, owner, decider):
    """The counter-statement of `owner` to a claim that closed a repository."""
    particulars = Particulars("copyright", "My novel", "train.txt", name="Iris", email="iris@books.example")
    claim = file_claim(copied, particulars, request_id=uuid.uuid4(), actor=claimant).claim
    case = Case.objects.latest("pk")
    decide(
        case, actor=decider, version=case.version, outcome="violation", by_operator=True, clause=claim.report.clause,
        measures=[MeasureOrder("disable")], explanation="We followed the claim.",
    )  # fmt: skip
    return counter(claim, Answer("It is mine.", "All", "Nok", "1 River Road", "+66 2", True, True, "Nok"), actor=owner)


@pytest.fixture
def programs(moderator, reporter, owner) -> dict[str, dict[str, str]]:
    """The headers that each of them sends."""
    scopes = {"moderator": (moderator, "moderate"), "reporter": (reporter, "write"), "owner": (owner, "write")}
    secrets = {who: create_token(user, scope=scope, actor=system_actor()) for who, (user, scope) in scopes.items()}
    return {who: {"Authorization": f"Bearer {secret}"} for who, secret in secrets.items()} | {"nobody": {}}


@pytest.mark.slow
def test_no_fault_and_nothing_undocumented(app, things, programs):
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", app)
    wrong: dict[str, str] = {}
    answered: dict[str, set[int]] = {who: set() for who in programs}
    found: Any
    for found in schema.get_all_operations():
        operation = found.ok()
        for failure in _try(operation, things, programs, answered):
            wrong.setdefault(f"{operation.method.upper()} {operation.path}", failure)
    assert not wrong, "\n\n".join(f"{name}: {text}" for name, text in wrong.items())
    # The calls got somewhere: each of them was served, refused, and told what was wrong.
    assert answered["moderator"] >= {200, 201, 204, 400, 404, 409}
    assert answered["reporter"] >= {200, 400, 403, 404}
    assert answered["owner"] >= {200, 400, 403, 404}
    assert answered["nobody"] >= {200, 401}


# As JSON: half a character, NUL, numbers that no column holds, other types; a program may write any of it.
HOSTILE = ['"\\ud800"', '"\\u0000"', "9" * 400, "-1e400", "NaN", "{}", "[[[]]]", "true", "null", '["\\ud800", 1, {}]']


@pytest.mark.slow
def test_hostile_values_everywhere(app, things, moderator, client):
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", app).raw_schema
    secret = create_token(moderator, scope="moderate", actor=system_actor())
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "x"}
    shapes, wrong, asked = schema["components"]["schemas"], [], 0
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            names = list(shapes[content["schema"]["$ref"].rpartition("/")[2]]["properties"]) if content else []
            query = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
            for value in HOSTILE if names else ["a\x00b", "9" * 400, "\udc80", "null"] if query else []:
                body = "{" + ", ".join(f'"{name}": {value}' for name in names) + "}"
                kept = dict.fromkeys([] if names else query, value.encode(errors="surrogateescape"))
                with transaction.atomic():
                    address = f"{path.format(**things)}?{urlencode(kept)}"
                    sent = {"data": body, "content_type": "application/json"} if names else {}
                    answer = client.generic(method.upper(), address, headers=headers, **sent)
                    transaction.set_rollback(True)
                asked += 1
                known = str(answer.status_code) in operation["responses"] and answer.status_code < 500
                if not known or "text/html" in answer.get("Content-Type", ""):
                    wrong.append(f"{answer.status_code} {method} {address} {body[:200]}")
    assert not wrong, "\n".join(wrong)
    assert asked > 300


def _try(
    operation: Any, things: dict[str, Any], programs: dict[str, dict[str, str]], answered: dict[str, set[int]]
) -> list[str]:
    """What was wrong with the answers of one operation, in words; the answers' codes are added to `answered`."""
    wrong: list[str] = []
    numbers = iter(range(10_000))

    def call(case: Any) -> None:
        number = next(numbers)
        _aim(case, things, number)
        for who in ("moderator", OTHERS[number % len(OTHERS)]):
            with transaction.atomic():
                response = case.call(headers=programs[who])
                transaction.set_rollback(True)
            answered[who].add(response.status_code)
            try:
                case.validate_response(response, checks=CHECKS)
            except (Failure, FailureGroup) as failure:
                said = [str(one) for one in getattr(failure, "exceptions", [failure])]
                about = f"{response.status_code} to {case.path_parameters} {case.query} {case.body!r:.300} of {who}"
                wrong.append("\n".join([about, *said])[:1_500])

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            RULES(hypothesis.given(strategy)(call))()
        except hypothesis.errors.Unsatisfiable:
            continue  # nothing about this operation can be wrong
    return wrong


def _aim(case: Any, things: dict[str, Any], number: int) -> None:
    """Turn two of three calls on things that are there, and put words in that often go wrong."""
    if number % 3 and case.path_parameters:
        for name in case.path_parameters:
            case.path_parameters[name] = things.get(name, case.path_parameters[name])
    if number % 3 == 1 and isinstance(case.body, dict):
        if "version" in case.body:
            case.body["version"] = things["version"]
        if "subject" in case.body:
            case.body["subject"] = {"kind": "comment", "id": things["comment_id"]}
    if number % 3 == 2 and isinstance(case.body, dict):
        nasty = NASTY[(number * 7 + len(case.operation.path)) % len(NASTY)]
        case.body = {name: nasty if isinstance(value, str) else value for name, value in case.body.items()}
