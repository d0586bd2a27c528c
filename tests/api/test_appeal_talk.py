"""The conversation of an appeal, its files and limits, for programs (K1, G2)."""

import uuid
from datetime import timedelta

import pytest

from foundation import clock
from moderation.appeals.actions import file_appeal
from moderation.appeals.models import Appeal, AppealFile, AppealLimit, AppealMessage
from moderation.cases.models import Event
from tests.api.conftest import code
from tests.appeals.conftest import decision, report, statement
from tests.reports.steps import case_of, decided, reported

__all__ = ["decision", "report", "statement"]

URL = "/api/v1"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def appeal(decision, author):
    return file_appeal(decision, text="I quoted somebody else.", actor=author)


@pytest.fixture
def mine(program, author):
    return program(author)


@pytest.fixture
def somebody_else(program, other_moderator):
    return program(other_moderator, "moderate")


def send(client, appeal, content=PNG, name="shot.png"):
    address = f"{URL}/appeals/{appeal.public_id}/attachments?name={name}"
    return client.post(address, content, content_type="application/octet-stream")


def test_both_sides_write(mine, somebody_else, appeal, django_assert_max_num_queries):
    asked = somebody_else.post(f"{URL}/appeals/{appeal.public_id}/ask", {"text": "Which comment?"})
    assert (asked.status_code, asked.json()["from_team"]) == (200, True)
    shown = mine.get(f"{URL}/appeals/{appeal.public_id}").json()
    assert shown["waits_for"] == "appellant"
    assert shown["answer_until"]
    sent = mine.post(f"{URL}/appeals/{appeal.public_id}/messages", {"text": "The third one."})
    assert sent.status_code == 201
    with django_assert_max_num_queries(5):
        rows = mine.get(f"{URL}/appeals/{appeal.public_id}/messages").json()["results"]
    assert [(one["from_team"], one["text"]) for one in rows] == [(True, "Which comment?"), (False, "The third one.")]
    assert "author" not in rows[0]
    assert mine.get(f"{URL}/appeals/{appeal.public_id}").json()["waits_for"] == "team"
    (dossier,) = somebody_else.get(f"{URL}/cases/{appeal.case.public_id}/appeals").json()["results"]
    assert [one["author"] for one in dossier["messages"]] == ["tomas", "quentin"]
    assert (dossier["automated"], len(dossier["open"])) == (False, 1)


def test_the_same_request_is_one_message(mine, somebody_else, appeal):
    words = {"text": "The third one.", "request_id": str(uuid.uuid4())}
    codes = [mine.post(f"{URL}/appeals/{appeal.public_id}/messages", words).status_code for _ in range(2)]
    assert codes == [201, 200]
    for _ in range(2):
        address = f"{URL}/appeals/{appeal.public_id}/ask"
        assert somebody_else.post(address, {"text": "Which?"}, headers={"Idempotency-Key": "one"}).status_code == 200
    assert AppealMessage.objects.count() == 2


def test_files(mine, somebody_else, team, appeal):
    first, again = send(mine, appeal), send(mine, appeal)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert send(mine, appeal, b"MZ\x90\x00\x03", "run.exe").status_code == 400
    (row,) = mine.get(f"{URL}/appeals/{appeal.public_id}/attachments").json()["results"]
    assert (row["name"], row["size"]) == ("shot.png", len(PNG))
    address = f"{URL}/appeals/{appeal.public_id}/attachments/{row['id']}"
    assert mine.get(address).status_code == 403
    assert not Event.objects.filter(kind="evidence.read").exists()
    assert somebody_else.get(address).content == PNG
    assert Event.objects.filter(kind="evidence.read").count() == 1
    assert team.get(address).status_code == 200
    AppealFile.objects.update(key=b"")
    assert somebody_else.get(address).status_code == 410


def test_nobody_else(program, appeal, reporter, owner, team):
    for person in (reporter, owner):
        client = program(person)
        for what in ("", "/messages", "/attachments"):
            assert client.get(f"{URL}/appeals/{appeal.public_id}{what}").status_code == 404
        assert client.post(f"{URL}/appeals/{appeal.public_id}/messages", {"text": "Hm?"}).status_code == 404
        assert send(client, appeal).status_code == 404
        assert client.post(f"{URL}/appeals/{appeal.public_id}/ask", {"text": "Hm?"}).status_code == 403
    answer = team.post(f"{URL}/appeals/{appeal.public_id}/ask", {"text": "Which comment?"})
    assert (answer.status_code, code(answer)) == (403, "permission_denied")  # who decided it


def test_names_are_asked_about(somebody_else, appeal):
    address = f"{URL}/appeals/{appeal.public_id}/ask"
    refused = somebody_else.post(address, {"text": "Was it iris?"})
    assert (refused.status_code, code(refused)) == (422, "names_somebody")
    assert somebody_else.post(address, {"text": "Was it iris?", "naming": True}).status_code == 200


def test_no_rejection_while_their_time_runs(somebody_else, appeal):
    somebody_else.post(f"{URL}/appeals/{appeal.public_id}/ask", {"text": "Which comment?"})
    words = {"state": "rejected", "answer": "It was your own comment."}
    answer = somebody_else.post(f"{URL}/appeals/{appeal.public_id}/answer", words)
    assert (answer.status_code, code(answer)) == (409, "waiting")


def test_right_in_part(program, mine, somebody_else, repository, reporter, moderator, owner):
    decision = decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", "nfaa", clause="spam")
    appeal = file_appeal(decision, text="It is no spam at all.", actor=owner)
    address = f"{URL}/appeals/{appeal.public_id}/answer"
    lift = [str(decision.measures.get(kind="nfaa").public_id)]
    words = {"state": "partly", "answer": "It needs no tag, but stays downgraded."}
    assert somebody_else.post(address, words).status_code == 400
    assert somebody_else.post(address, words | {"lift": ["no id"]}).status_code == 400
    for _ in range(2):
        answered = somebody_else.post(address, words | {"lift": lift})
        assert answered.status_code == 200, answered.json()
    assert (answered.json()["state"], answered.json()["lifted"]) == ("partly", lift)
    assert program(owner).get(f"{URL}/appeals/{appeal.public_id}").json()["lifted"] == lift
    shown = somebody_else.get(f"{URL}/decisions/{decision.public_id}").json()
    assert (shown["overturned"], bool(shown["overturned_at"])) == ("partly", True)


def test_after_our_answer(mine, somebody_else, appeal):
    words = {"state": "rejected", "answer": "It was your own comment.", "bad_faith": True}
    assert somebody_else.post(f"{URL}/appeals/{appeal.public_id}/answer", words).json()["bad_faith"]
    late = mine.post(f"{URL}/appeals/{appeal.public_id}/messages", {"text": "But no."})
    assert (late.status_code, code(late)) == (409, "decided")
    late = send(mine, appeal)
    assert (late.status_code, code(late)) == (409, "decided")


def test_too_many_are_told_when_to_come_back(mine, author, appeal, discussion, reporter, moderator, settings):
    settings.APPEALS_PER_DAY = 1
    second = decided(case_of(reported(discussion, reporter)), moderator, "friendly_warning")
    statement = author.statements.get(decision_id=second.public_id)
    answer = mine.post(f"{URL}/statements/{statement.public_id}/appeal", {"text": "I do not agree with this."})
    assert (answer.status_code, code(answer)) == (429, "rate_limited")
    assert answer["Retry-After"]


def test_the_team_lifts_a_limit(team, mine, author):
    now = clock.now()
    AppealLimit.objects.create(person=author, per_day=1, reason="Fewer.", ends_at=now + timedelta(days=9))
    address = f"{URL}/people/{author.public_id}/appeal-limit"
    assert mine.delete(address).status_code == 403
    assert team.get(address).json()["limit"]["per_day"] == 1
    assert [team.delete(address).status_code for _ in range(2)] == [204, 204]
    shown = team.get(address).json()
    assert (shown["limit"], [one["lifted_by"] for one in shown["limits"]]) == (None, ["mira"])
    assert AppealLimit.objects.get().lifted_at
    assert team.delete(f"{URL}/people/{uuid.uuid4()}/appeal-limit").status_code == 404


def test_admins_of_an_organization_have_one(program, organization, make_repository, reporter, moderator, owner):
    repository = make_repository("shared", owner=organization)
    made = decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", clause="spam")
    appeal = file_appeal(made, text="It is no spam at all.", actor=owner)
    assert program(owner).get(f"{URL}/appeals/{appeal.public_id}").json()["organization"] == "mekong-lab"
    assert Appeal.objects.count() == 1
