"""Statements of reasons and appeals, for programs of people and of the team (K1, G1, G2)."""

import pytest

from accounts.posting import standing_restriction
from moderation.appeals.models import Appeal
from moderation.cases.models import Case, Event
from moderation.sanctions.models import Measure
from tests.api.conftest import code
from tests.appeals.conftest import decision, refused_report, report, statement

__all__ = ["decision", "refused_report", "report", "statement"]

URL = "/api/v1"
WHY = {"text": "These are not my words: I quoted somebody else."}
ANSWER = {"state": "upheld", "answer": "You quoted somebody else, we see it now."}


@pytest.fixture
def mine(program, author):
    return program(author)


def test_statements_are_for_their_recipient(mine, program, owner, statement, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        (row,) = mine.get(f"{URL}/statements").json()["results"]
    assert (row["id"], row["clause"], row["appeal"]) == (str(statement.public_id), "harassment", None)
    assert (row["measures"][0]["kind"], row["measures"][0]["state"]) == ("posting_ban", "holds")
    whole = mine.get(f"{URL}/statements/{statement.public_id}").json()
    assert whole["facts"] in whole["words"]
    stranger = program(owner)
    assert stranger.get(f"{URL}/statements").json()["results"] == []
    assert stranger.get(f"{URL}/statements/{statement.public_id}").status_code == 404
    assert stranger.post(f"{URL}/statements/{statement.public_id}/appeal", WHY).status_code == 404


def test_contested_once(mine, statement):
    address = f"{URL}/statements/{statement.public_id}/appeal"
    first, again = mine.post(address, WHY), mine.post(address, WHY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = mine.post(address, {"text": "And besides it was long ago."})
    assert (other.status_code, code(other)) == (409, "exists")
    assert mine.post(address, {"text": "No."}).status_code == 400
    assert mine.get(f"{URL}/statements").json()["results"][0]["appeal"] == first.json()["id"]
    assert mine.get(f"{URL}/appeals/{first.json()['id']}").json()["state"] == "open"


def test_a_reporter_contests_what_became_of_a_report(program, reporter, owner, comment, refused_report):
    report, _decision = refused_report
    client, address = program(reporter), f"{URL}/reports/{report.public_id}/appeal"
    assert client.post(address, WHY).status_code == 201
    assert program(owner).post(address, WHY).status_code == 404


def test_nothing_to_contest_before_a_decision(program, reporter, report):
    answer = program(reporter).post(f"{URL}/reports/{report.public_id}/appeal", WHY)
    assert (answer.status_code, code(answer)) == (409, "open")


@pytest.fixture
def appeal(mine, statement) -> Appeal:
    mine.post(f"{URL}/statements/{statement.public_id}/appeal", WHY)
    return Appeal.objects.get()


def test_somebody_else_answers(program, team, mine, appeal, other_moderator, author, django_assert_max_num_queries):
    case = Case.objects.get(kind=Case.Kind.APPEAL)
    assert team.get(f"{URL}/cases/{case.public_id}/appeals").json()["results"][0]["answerable"] is False
    assert team.post(f"{URL}/appeals/{appeal.public_id}/answer", ANSWER).status_code == 403
    client = program(other_moderator, "moderate")
    with django_assert_max_num_queries(13):
        (shown,) = client.get(f"{URL}/cases/{case.public_id}/appeals").json()["results"]
    assert (shown["appellant"], shown["affected"], shown["answerable"]) == ("quentin", True, True)
    assert shown["text"] == WHY["text"]
    for _ in range(2):
        answered = client.post(f"{URL}/appeals/{appeal.public_id}/answer", ANSWER)
        assert answered.status_code == 200, answered.json()
    assert answered.json()["answered_by"] == "tomas"
    late = client.post(f"{URL}/appeals/{appeal.public_id}/answer", ANSWER | {"state": "rejected"})
    assert (late.status_code, code(late)) == (409, "decided")
    assert standing_restriction(author) is None
    assert mine.get(f"{URL}/appeals/{appeal.public_id}").json()["answer"] == ANSWER["answer"]


def test_half_an_answer_is_none(program, appeal, other_moderator):
    client = program(other_moderator, "moderate")
    for change in ({"state": "open"}, {"answer": "No."}, {"state": "maybe"}):
        assert client.post(f"{URL}/appeals/{appeal.public_id}/answer", ANSWER | change).status_code == 400
    assert Appeal.objects.get().state == Appeal.State.OPEN


def test_what_is_lifted_is_chosen_only_in_part(program, appeal, other_moderator):
    """Else a program that names one measure, and calls it upheld, would lift all of them."""
    client = program(other_moderator, "moderate")
    lift = [str(Measure.objects.get().public_id)]
    answer = client.post(f"{URL}/appeals/{appeal.public_id}/answer", ANSWER | {"lift": lift})
    assert (answer.status_code, code(answer)) == (400, "invalid")
    assert Measure.objects.standing().exists()


def test_reading_who_reported_it_is_an_event(program, reporter, report, decision, other_moderator):
    """As on the page (J6): whoever contests as a reporter is named."""
    program(reporter).post(f"{URL}/reports/{report.public_id}/appeal", WHY)
    case = Case.objects.get(kind=Case.Kind.APPEAL)
    (shown,) = program(other_moderator, "moderate").get(f"{URL}/cases/{case.public_id}/appeals").json()["results"]
    assert (shown["appellant"], shown["affected"]) == ("iris", False)
    event = Event.objects.get(kind="evidence.read")
    assert (event.case, event.actor, event.data) == (case, other_moderator, {"what": ["reports"]})
