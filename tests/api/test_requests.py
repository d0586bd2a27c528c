"""Requests to an owner, what waits for the owner, and standing conditions, for programs (K1, E1, E5)."""

import pytest

from moderation.cases.actions import receive_report
from moderation.cases.conditions import check_conditions
from moderation.cases.models import Case
from moderation.sanctions.models import Measure, StandingCondition
from repositories.actions import change_settings
from tests.api.conftest import code


@pytest.fixture
def case(repository, reporter, clause) -> Case:
    receive_report(repository, clause=clause("spam"), text="It advertises a shop.", actor=reporter)
    return Case.objects.get()


@pytest.fixture
def ask(team, case):
    def asked(*kinds, **body):
        wanted = {"requests": [{"kind": kind} for kind in kinds], "text": "It repeats insults from its data.", **body}
        headers = {"Idempotency-Key": "one"} if "key" in wanted else {}
        wanted.pop("key", None)
        return team.post(f"/api/v1/cases/{case.public_id}/requests", wanted, headers=headers)

    return asked


def test_asked_once_ticked_off_and_listed(ask, team, case, repository, owner):
    first, again = ask("request_gating", hours=48, key=1), ask("request_gating", hours=48, key=1)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    change_settings(repository, gating="manual", actor=owner)
    check_conditions()
    (row,) = team.get(f"/api/v1/cases/{case.public_id}/requests").json()["results"]
    assert (row["kind"], row["until_done"], row["met_at"] is not None) == ("request_gating", "gated", True)
    assert row["discussion"] == 2  # the first is that of the report


def test_what_cannot_be_asked(ask, repository, owner):
    assert ask().status_code == 400
    assert ask("downgrade").status_code == 400
    assert ask("request_gating", hours=0).status_code == 400
    assert ask("request_gating").status_code == 201
    assert (ask("request_gating").status_code, code(ask("request_gating"))) == (409, "exists")


def test_only_the_team_asks(program, case, owner, reporter):
    body = {"requests": [{"kind": "request_gating"}], "text": "Please."}
    for person in (owner, reporter):
        assert program(person).post(f"/api/v1/cases/{case.public_id}/requests", body).status_code == 403
        assert program(person).get(f"/api/v1/cases/{case.public_id}/conditions").status_code == 403


def test_a_request_is_withdrawn_as_a_measure_is_lifted(ask, team, case):
    (row,) = ask("request_gating").json()
    lifted = team.post(f"/api/v1/measures/{row['id']}/lift", {"reason": "It is not needed after all."})
    assert lifted.status_code == 200, lifted.json()
    case.refresh_from_db()
    assert case.parked == ""


def test_decided_until_it_is_done_and_on_a_condition(team, program, case, repository, owner):
    body = {
        "version": case.version, "outcome": "violation", "clause": "spam", "explanation": "It advertises a shop.",
        "measures": [{"kind": "downgrade", "until_done": "gated"}], "conditions": ["gated"],
    }  # fmt: skip
    answer = team.post(f"/api/v1/cases/{case.public_id}/decisions", body)
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["measures"][0]["until_done"], shown["conditions"]) == ("gated", ["gated"])
    assert team.get(f"/api/v1/decisions/{shown['id']}").json() == shown
    change_settings(repository, gating="auto", actor=owner)
    check_conditions()
    assert not Measure.objects.standing().exists()
    (row,) = team.get(f"/api/v1/cases/{case.public_id}/conditions").json()["results"]
    assert (row["condition"], row["state"], row["decision"]) == ("gated", "kept", shown["id"])
    address = f"/api/v1/conditions/{row['id']}/withdraw"
    assert program(owner).post(address, {"reason": "I would rather not."}).status_code == 403
    assert team.post(address, {"reason": "Its data is gone."}).json()["state"] == "withdrawn"
    assert code(team.post(address, {"reason": "Its data is gone."})) == "not_standing"
    assert StandingCondition.objects.get().withdrawn_at is not None


def test_either_a_time_or_a_condition(team, case):
    body = {
        "version": case.version, "outcome": "violation", "clause": "spam", "explanation": "It advertises a shop.",
        "measures": [{"kind": "downgrade", "until_done": "gated", "hours": 3}],
    }  # fmt: skip
    assert team.post(f"/api/v1/cases/{case.public_id}/decisions", body).status_code == 400
