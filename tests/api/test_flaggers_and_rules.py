"""Trusted flaggers and rules, for the team's programs; changed by administrators (K1, I2; DSA art. 22)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry

from accounts.actions import make_moderator
from accounts.queries import system_actor
from foundation import clock
from moderation.automation.models import Rule
from moderation.automation.rules import evaluate_rules
from moderation.reports.models import TrustedFlagger
from moderation.reports.standing import standing_of
from tests.api.conftest import code
from tests.automation.conftest import report, reported, score, voices
from tests.reports.steps import case_of, decided
from tests.reports.steps import reported as file_report

__all__ = ["report", "reported", "score", "voices"]

URL = "/api/v1/flaggers"
BODY = {"username": "iris", "organization": "Hotline Example", "clauses": ["spam"]}


@pytest.fixture
def administration(program, admin):
    return program(admin, "moderate")


def is_trusted(person, clause) -> bool:
    """Whether a report of theirs that comes in now is one of a trusted flagger."""
    return standing_of(person, clause, uuid4()).trusted


def test_administrators_appoint_once(administration, team, reporter, admin, clause):
    refused = team.post(URL, BODY)
    assert (refused.status_code, code(refused)) == (403, "permission_denied")
    first, again = (administration.post(URL, BODY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert is_trusted(reporter, clause("spam"))
    assert not is_trusted(reporter, clause("harassment"))
    other = administration.post(URL, BODY | {"clauses": []})
    assert (other.status_code, code(other)) == (409, "exists")
    assert LogEntry.objects.filter(user=admin).count() == 1
    assert team.post(URL, BODY).status_code == 403


def test_their_record_is_shown(administration, team, reporter, comment, moderator, django_assert_max_num_queries):
    administration.post(URL, BODY)
    decided(case_of(file_report(comment, reporter, "spam")), moderator, "friendly_warning", clause="spam")
    with django_assert_max_num_queries(7):
        (row,) = team.get(URL).json()["results"]
    assert (row["username"], row["clauses"], row["stands"]) == ("iris", ["spam"], True)
    record = row["record"]
    assert (record["filed"], record["decided"], record["upheld"], record["share"]) == (1, 1, 1, 1.0)
    assert record["interval"] == pytest.approx([0.2065, 1.0], abs=1e-3)
    assert record["median_seconds"] >= 0
    assert team.get(f"{URL}/{reporter.public_id}").json() == row


def test_changed_ended_and_taken_up_again(administration, team, reporter, clause, pass_time):
    administration.post(URL, BODY)
    address = f"{URL}/{reporter.public_id}"
    assert (team.patch(address, {"clauses": []}).status_code, team.delete(address).status_code) == (403, 403)
    assert administration.patch(address, {"clauses": []}).json()["clauses"] == []
    assert is_trusted(reporter, clause("harassment"))
    early = (clock.now() - timedelta(days=1)).isoformat()
    assert administration.patch(address, {"until": early}).status_code == 400
    pass_time(timedelta(minutes=1))
    assert [administration.delete(address).status_code for _ in range(2)] == [204, 204]
    assert not is_trusted(reporter, clause("spam"))
    assert team.get(address).json()["stands"] is False
    assert administration.patch(address, {"until": None}).json()["stands"] is True
    assert TrustedFlagger.objects.count() == 1
    assert LogEntry.objects.count() == 4


@pytest.mark.parametrize(
    "change", [{"username": "ombud"}, {"username": "nobody"}, {"organization": ""}, {"clauses": ["nothing"]}]
)
def test_nobody_is_appointed_by_mistake(administration, reporter, change):
    assert administration.post(URL, BODY | change).status_code == 400
    assert not TrustedFlagger.objects.exists()


def test_rules_with_their_record(team, reported, comment, author, django_assert_max_num_queries):
    case = reported(comment)
    evaluate_rules()
    with django_assert_max_num_queries(5):
        rules = {one["code"]: one for one in team.get("/api/v1/rules").json()}
    rule = rules["toxic-comment"]
    assert (rule["mode"], rule["ran"], rule["decided"]) == ("shadow", 1, 0)
    assert (rule["precision"], rule["interval"]) == (None, [0.0, 1.0])
    (run,) = team.get(f"/api/v1/rules/{rule['id']}/runs").json()["results"]
    assert (run["case"], run["mode"], run["human"], run["same"]) == (str(case.public_id), "shadow", None, False)


def test_runs_about_oneself_are_not_there(program, author, reported, comment):
    reported(comment)
    evaluate_rules()
    make_moderator(author, actor=system_actor())
    own = program(type(author).objects.get(pk=author.pk), "moderate")
    rule = Rule.objects.get(code="toxic-comment")
    assert own.get(f"/api/v1/rules/{rule.public_id}/runs").json()["results"] == []


def test_switching_takes_a_permission(team, administration):
    rule = Rule.objects.get(code="toxic-comment")
    address = f"/api/v1/rules/{rule.public_id}"
    refused = team.put(f"{address}/mode", {"mode": "live"})
    assert (refused.status_code, code(refused)) == (403, "permission_denied")
    for _ in range(2):
        assert administration.put(f"{address}/mode", {"mode": "off"}).json()["mode"] == "off"
    assert administration.put(f"{address}/mode", {"mode": "wild"}).status_code == 400
    unproven = administration.put(f"{address}/mode", {"mode": "live"})
    assert (unproven.status_code, code(unproven)) == (409, "not_proven")
    assert team.get(address).json()["mode"] == "off"
