"""Parties: the team's side and their own (K1, D1, D2)."""

import uuid

import pytest

from moderation.cases.actions import receive_report
from moderation.cases.models import Case, Party, PartyMessage
from tests.api.conftest import code


@pytest.fixture
def party(team, case, owner) -> str:
    answer = team.post(f"/api/v1/cases/{case.public_id}/parties", {"role": "depicted", "username": "nok"})
    assert answer.status_code == 200, answer.json()
    return str(answer.json()["id"])


def test_invited_once(team, case, party):
    again = team.post(f"/api/v1/cases/{case.public_id}/parties", {"role": "depicted", "username": "nok"}).json()
    shown = team.get(f"/api/v1/cases/{case.public_id}/parties").json()["results"]
    assert [one["id"] for one in shown] == [party] == [again["id"]]
    assert (again["person"], again["role"], again["clock"]) == ("nok", "depicted", "unasked")


def test_invited_by_mail_is_named_to_nobody(team, case):
    body = {"role": "parent", "email": "Ana@people.example", "name": "Ana", "language": "en"}
    assert team.post(f"/api/v1/cases/{case.public_id}/parties", body).json()["person"] is None
    assert Party.objects.get().user.is_guest


@pytest.mark.parametrize(
    "body",
    [
        {"role": "parent"},
        {"role": "parent", "username": "nok", "email": "a@b.example"},
        {"role": "owner", "username": "nok"},
        {"role": "parent", "username": "nobody-here"},
    ],
)
def test_invitation_that_makes_no_sense(team, case, owner, body):
    assert team.post(f"/api/v1/cases/{case.public_id}/parties", body).status_code == 400
    assert not Party.objects.exists()


def test_question_and_answer(team, program, case, party, owner):
    headers = {"Idempotency-Key": "q1"}
    asked = [team.post(f"/api/v1/parties/{party}/ask", {"text": "Is that you?"}, headers=headers) for _ in range(2)]
    assert [one.status_code for one in asked] == [201, 200]
    assert asked[0].json() == asked[1].json()
    theirs = program(owner)
    (row,) = theirs.get("/api/v1/matters").json()["results"]
    assert (row["id"], row["clock"]) == (party, "runs")
    sent = theirs.post(
        f"/api/v1/matters/{party}/answers", {"text": "Yes, that is me."}, headers={"Idempotency-Key": "a"}
    )
    assert sent.status_code == 201
    assert [one["side"] for one in sent.json()["messages"]] == ["team", "you"]
    again = theirs.post(
        f"/api/v1/matters/{party}/answers", {"text": "Yes, that is me."}, headers={"Idempotency-Key": "a"}
    )
    assert again.status_code == 200
    assert team.post(f"/api/v1/parties/{party}/reply", {"text": "Thank you.", "closes": True}).status_code == 201
    thread = team.get(f"/api/v1/parties/{party}/messages").json()["results"]
    assert [one["text"] for one in thread] == ["Thank you.", "Yes, that is me.", "Is that you?"]
    assert PartyMessage.objects.count() == 3
    # Who of us writes stays with us.
    assert "mira" not in theirs.get(f"/api/v1/matters/{party}").content.decode()


def test_all_of_a_long_thread(team, program, party, owner, django_assert_max_num_queries):
    row = Party.objects.get(public_id=party)
    PartyMessage.objects.bulk_create(
        PartyMessage(party=row, author=owner, from_team=False, text=f"Line number {number}.") for number in range(120)
    )
    theirs, address, texts = program(owner), f"/api/v1/matters/{party}/messages", []
    while address:
        with django_assert_max_num_queries(5):
            answer = theirs.get(address).json()
        texts += [one["text"] for one in answer["results"]]
        assert {one["side"] for one in answer["results"]} == {"you"}
        address = answer["next"]
    assert texts == [f"Line number {number}." for number in reversed(range(120))]
    assert len(theirs.get(f"/api/v1/matters/{party}").json()["messages"]) == 50
    assert team.get(f"/api/v1/matters/{party}/messages").status_code == 404
    assert theirs.get(f"/api/v1/matters/{party}/messages?after=e30").status_code == 400


def test_owner_is_asked(team, case):
    assert team.post(f"/api/v1/cases/{case.public_id}/ask-owner", {"text": "Whose words are these?"}).status_code == 201
    assert Party.objects.get().role == "owner"


def test_whose_admins_write_is_said(team, organization, make_repository, reporter, clause):
    receive_report(make_repository(owner=organization), clause=clause("spam"), text="It advertises.", actor=reporter)
    url = f"/api/v1/cases/{Case.objects.get().public_id}"
    assert team.post(f"{url}/ask-owner", {"text": "What is it for?"}).status_code == 201
    (shown,) = team.get(f"{url}/parties").json()["results"]
    assert (shown["organization"], shown["person"]) == (organization.name, None)


def test_names_are_held_back(team, case, party):
    named = team.post(f"/api/v1/parties/{party}/ask", {"text": "Do you know iris?"})
    assert (named.status_code, code(named)) == (422, "names_somebody")
    assert team.post(f"/api/v1/parties/{party}/ask", {"text": "Do you know iris?", "naming": True}).status_code == 201


def test_matters_are_ones_own(program, party, owner, reporter, moderator):
    stranger = program(reporter)
    assert stranger.get("/api/v1/matters").json()["results"] == []
    for address in (party, uuid.uuid4()):
        assert stranger.get(f"/api/v1/matters/{address}").status_code == 404
        assert stranger.post(f"/api/v1/matters/{address}/answers", {"text": "Me too."}).status_code == 404
        assert stranger.post(f"/api/v1/parties/{address}/ask", {"text": "Hello?"}).status_code == 403
    assert program(owner, "read").post(f"/api/v1/matters/{party}/answers", {"text": "Yes."}).status_code == 403


def test_named_and_left(program, team, party, owner):
    theirs = program(owner)
    assert theirs.put(f"/api/v1/matters/{party}/naming", {"named": True}).json()["named"] is True
    assert theirs.post(f"/api/v1/matters/{party}/leave").status_code == 204
    late = team.post(f"/api/v1/parties/{party}/ask", {"text": "Are you there?"})
    assert (late.status_code, code(late)) == (409, "left")
    assert team.post(f"/api/v1/parties/{party}/leave").status_code == 204


def test_query_counts(team, program, party, case, owner, django_assert_max_num_queries):
    team.post(f"/api/v1/parties/{party}/ask", {"text": "Is that you?"})
    theirs = program(owner)
    team.get(f"/api/v1/parties/{party}/messages")  # the first look is an event
    with django_assert_max_num_queries(8):
        team.get(f"/api/v1/parties/{party}/messages")
    with django_assert_max_num_queries(9):
        team.get(f"/api/v1/cases/{case.public_id}/parties")
    with django_assert_max_num_queries(4):
        theirs.get("/api/v1/matters")
    with django_assert_max_num_queries(6):
        theirs.get(f"/api/v1/matters/{party}")
