"""POST /cases/{id}/decisions: the same rules as the page (D1, D4, E5)."""

import uuid

import pytest
from django.contrib.auth.models import Group

from accounts.actions import create_organization
from accounts.posting import standing_restriction
from moderation.cases.actions import claim, receive_report
from moderation.cases.models import Case, Decision
from moderation.policy.models import Lane
from tests.api.conftest import code


@pytest.fixture
def url(case):
    return f"/api/v1/cases/{case.public_id}/decisions"


@pytest.fixture
def body(case):
    return {
        "version": case.version,
        "outcome": "violation",
        "clause": "harassment",
        "measures": [{"kind": "posting_ban"}],
        "explanation": "You called people idiots.",
    }


def test_decision(team, url, body, author, moderator):
    response = team.post(url, body)
    assert response.status_code == 201, response.json()
    shown = response.json()
    assert (shown["outcome"], shown["actor"], shown["explanation"]) == ("violation", "mira", body["explanation"])
    assert shown["measures"][0]["person"] == author.username
    assert standing_restriction(author)
    assert team.get(f"/api/v1/decisions/{shown['id']}").json() == shown


def test_no_violation(team, url, case):
    body = {"version": case.version, "outcome": "no_violation", "explanation": "A blunt but fair question."}
    assert team.post(url, body).json()["clause"] is None
    assert Case.objects.get().state == Case.State.DECIDED


def test_same_request_twice_is_one_decision(team, url, body):
    body["request_id"] = str(uuid.uuid4())
    first, second = team.post(url, body), team.post(url, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Decision.objects.count() == 1


def test_same_key_for_another_case(team, url, body, repository, reporter, clause):
    receive_report(repository, clause=clause("spam"), text="Adverts.", actor=reporter)
    other = Case.objects.latest("pk")
    headers = {"Idempotency-Key": "x"}
    team.post(url, body, headers=headers)
    path = f"/api/v1/cases/{other.public_id}/decisions"
    again = body | {"version": other.version, "measures": [{"kind": "downgrade"}]}
    assert team.post(path, again, headers=headers).status_code == 409
    assert Decision.objects.count() == 1


def test_stale_version_says_what_is_new(team, url, body, comment, owner, clause):
    receive_report(comment, clause=clause("spam"), text="Also spam.", actor=owner)
    response = team.post(url, body)
    assert (response.status_code, code(response)) == (409, "stale")
    answer = response.json()
    assert [one["kind"] for one in answer["events"]] == ["report.received"]
    assert team.post(url, body | {"version": answer["version"]}).status_code == 201


def test_case_decided_before(team, url, body, case):
    team.post(url, body)
    case.refresh_from_db()
    response = team.post(url, body | {"version": case.version})
    assert (response.status_code, code(response)) == (409, "decided")


def test_case_of_another_moderator(team, url, body, case, other_moderator):
    claim(case, actor=other_moderator)
    response = team.post(url, body)
    assert (response.status_code, code(response)) == (409, "claimed")


def test_scope(program, moderator, url, body):
    assert program(moderator, "write").post(url, body).status_code == 403
    assert not Decision.objects.exists()


def test_permission(sign_in, reporter, url, body):
    assert sign_in(reporter).post(url, body, content_type="application/json").status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"measures": []},
        {"measures": [{"kind": "downgrade"}]},
        {"measures": [{"kind": "flogging"}]},
        {"measures": [{"kind": "posting_ban"}, {"kind": "posting_ban"}]},
        {"measures": ["posting_ban"]},
        {"measures": "posting_ban"},
        {"clause": None},
        {"clause": "nothing"},
        {"outcome": "maybe"},
        {"outcome": "no_violation"},
        {"explanation": "No."},
        {"explanation": "x" * 100_000},
        {"explanation": "You wrote \u202egnorw"},
        {"version": -1},
        {"version": 10**30},
        {"version": "new"},
        {"request_id": "1"},
    ],
)
def test_half_a_decision_is_none(team, url, body, change):
    response = team.post(url, body | change)
    assert response.status_code in (400, 409), response.json()
    assert response.json()["errors"][0]["detail"]
    assert not Decision.objects.exists()
    assert Case.objects.get().version == body["version"]


@pytest.mark.parametrize("holder", ["author", "lane", "organization"])
def test_what_one_may_not_see_is_not_there_to_decide(team, url, body, moderator, holder):
    if holder == "author":
        held = {"author": moderator}
    elif holder == "lane":
        named = Lane.objects.create(code="named", title="Named", order=90, group=Group.objects.create(name="Named"))
        held = {"lane": named, "reserved": True}
    else:
        held = {"organization": create_organization("lab", actor=moderator), "author": None}
    Case.objects.update(**held)
    assert team.post(url, body).status_code == 404
    assert not Decision.objects.exists()


@pytest.mark.parametrize("departs", [{}, {"departs": False}])
def test_an_unknown_case_is_not_there(team, body, departs):
    response = team.post(f"/api/v1/cases/{uuid.uuid4()}/decisions", body | departs)
    assert (response.status_code, code(response)) == (404, "not_found")


def test_unknown_decision(team):
    response = team.get(f"/api/v1/decisions/{uuid.uuid4()}")
    assert (response.status_code, code(response)) == (404, "not_found")


def test_reports_in_bad_faith_are_marked(team, url, case):
    from moderation.reports.models import Report

    report = Report.objects.get()
    said = {"version": case.version, "outcome": "no_violation", "explanation": "Nothing of it is true."}
    violation = said | {"outcome": "violation", "clause": "harassment", "measures": [{"kind": "posting_ban"}]}
    marked = {"bad_faith": [str(report.public_id)]}
    assert team.post(url, violation | marked).status_code == 400
    assert team.post(url, said | {"bad_faith": [str(uuid.uuid4())]}).status_code == 400
    assert team.post(url, said | marked).status_code == 201
    report.refresh_from_db()
    assert report.bad_faith


@pytest.fixture
def warned(monkeypatch):
    """Whatever is decided departs from its precedents."""
    from moderation.cases.api import departing
    from moderation.cases.precedents import Departure

    monkeypatch.setattr(departing, "departs", lambda *_args: Departure([]))


def test_a_departure_is_refused_noted_or_not_asked_for(team, url, body, warned):
    refused = team.post(url, body | {"departs": False})
    assert (refused.status_code, code(refused)) == (409, "departs")
    assert not Decision.objects.exists()
    headers = {"Idempotency-Key": "d"}
    answers = [team.post(url, body | {"departs": True}, headers=headers) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert Decision.objects.get().event.data["departs"] is True


def test_nothing_is_compared_unless_asked_for(team, url, body, warned):
    assert team.post(url, body).status_code == 201
    assert "departs" not in Decision.objects.get().event.data


def test_what_departs_from_nothing_is_not_noted(team, url, body):
    assert team.post(url, body | {"departs": True}).status_code == 201
    assert "departs" not in Decision.objects.get().event.data
