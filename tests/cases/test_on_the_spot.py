"""Moderators hide, close and lock where they come across it: a decision with reasons (B3, E4, G1)."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.models import InboxMessage
from community.actions import add_comment, open_discussion
from community.models import Hiding
from foundation.errors import Forbidden, Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import looked_at
from moderation.cases.actions.on_the_spot import decide_on_the_spot
from moderation.cases.events import words
from moderation.cases.models import Case, Decision, Event
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.actions import subject_of, take_snapshot
from tests.conftest import concurrent

WORDS = "You called people idiots instead of answering them."


def address(kind: str, target) -> str:
    return f"/cases/on-the-spot/{kind}/{target.public_id}"


@pytest.fixture
def form():
    return {"request_id": uuid.uuid4(), "clause": "harassment", "explanation": WORDS, "note": "The third one today."}


@pytest.fixture
def targets(comment):
    return {"hide_comment": comment, "close_discussion": comment.discussion, "lock_discussion": comment.discussion}


@pytest.mark.parametrize("kind", ["hide_comment", "close_discussion", "lock_discussion"])
def test_the_author_gets_reasons_and_can_contest_them(kind, targets, sign_in, moderator, author, other_moderator, form):
    target = targets[kind]
    client = sign_in(moderator)
    assert "can contest" in client.get(address(kind, target)).content.decode()
    response = client.post(address(kind, target), form)
    assert (response.status_code, response["Location"]) == (303, target.get_absolute_url())
    statement = StatementOfReasons.objects.get(recipient=author)
    assert [one.kind for one in statement.measures.all()] == [kind]
    assert WORDS in InboxMessage.objects.get(recipient=author, key__startswith="statement:").body
    case = Case.objects.get()
    note = Event.objects.get(case=case, kind="note.added")
    assert (case.state, words(note)) == ("decided", "The third one today.")
    appeal = file_appeal(Decision.objects.get(), text="It was a quote, look again.", actor=author)
    decide_appeal(appeal, state="upheld", answer="You are right, it was a quote.", actor=other_moderator)
    target.refresh_from_db()
    assert not Measure.objects.standing().exists()
    assert (getattr(target, "hidden", False), getattr(target, "locked", False)) == (False, False)


def test_it_joins_the_open_case_and_its_reporters_hear(case, comment, sign_in, moderator, reporter, form):
    page = sign_in(moderator).get(address("hide_comment", comment)).content.decode()
    assert case.get_absolute_url() in page
    sign_in(moderator).post(address("hide_comment", comment), form)
    case.refresh_from_db()
    assert (case.state, Case.objects.count()) == ("decided", 1)
    assert reporter.reports.get().state == "upheld"
    assert Hiding.objects.get().side == "verdict"


def test_sent_twice_it_is_one_decision(comment, moderator, clause):
    key = uuid.uuid4()
    asked = {"kind": "hide_comment", "clause": clause("spam"), "actor": moderator, "request_id": key}
    made = decide_on_the_spot(comment, explanation=WORDS, **asked)
    assert decide_on_the_spot(comment, explanation=WORDS, **asked) == made
    with pytest.raises(Refused, match="holds already"):
        decide_on_the_spot(comment, explanation=WORDS, **asked | {"request_id": uuid.uuid4()})
    with pytest.raises(Refused, match="sent before"):
        decide_on_the_spot(comment.discussion, explanation=WORDS, **asked | {"kind": "close_discussion"})
    assert (Decision.objects.count(), Case.objects.count(), Measure.objects.count()) == (1, 1, 1)


@concurrent
def test_sent_twice_at_once_it_is_one_decision_of_one_case(comment, moderator, clause, monkeypatch):
    asked = {"kind": "hide_comment", "clause": clause("spam"), "actor": moderator, "request_id": uuid.uuid4()}
    both, take = threading.Barrier(2, timeout=20), take_snapshot
    monkeypatch.setattr(looked_at, "take_snapshot", lambda *of, **more: both.wait() is not None and take(*of, **more))
    subject_of(comment)

    def send(_number):
        try:
            return decide_on_the_spot(comment, explanation=WORDS, **asked)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(send, range(2))
    assert first == second
    assert {first.made_before, second.made_before} == {True, False}
    assert (Decision.objects.count(), Case.objects.count(), Measure.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"clause": ""}, "Choose the clause"), ({"explanation": "short"}, "in a sentence"), ({"request_id": "x"}, "")],
    ids=["clause", "words", "id"],
)
def test_what_is_missing_comes_back_in_the_form(comment, sign_in, moderator, form, changes, words):
    response = sign_in(moderator).post(address("hide_comment", comment), form | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Case.objects.exists()


def test_nobody_else_reaches_it(comment, sign_in, client, author, owner, form):
    where = address("hide_comment", comment)
    for person in (author, owner):
        assert sign_in(person).post(where, form).status_code in (403, 404)
    assert client.post(where, form).status_code == 302
    comment.refresh_from_db()
    assert not comment.hidden


def test_unknown_ones_are_missing(comment, sign_in, moderator):
    them = sign_in(moderator)
    assert them.get(address("deactivate", comment)).status_code == 404
    assert them.get(address("close_discussion", comment)).status_code == 404
    assert them.get(f"/cases/on-the-spot/hide_comment/{uuid.uuid4()}").status_code == 404


def test_nobody_decides_about_the_own_words(discussion, moderator, clause, sign_in, form):
    own = add_comment(discussion, text="I was rude.", actor=moderator)
    with pytest.raises(Forbidden, match="Somebody else of us"):
        decide_on_the_spot(own, kind="hide_comment", clause=clause("spam"), explanation=WORDS, actor=moderator)
    assert sign_in(moderator).post(address("hide_comment", own), form).status_code == 403
    assert not Case.objects.exists()


def test_the_team_finds_its_case_from_the_comment(comment, sign_in, moderator, form):
    them = sign_in(moderator)
    them.post(address("hide_comment", comment), form)
    link = f"/cases/of/comment/{comment.public_id}"
    assert link in them.get(comment.discussion.get_absolute_url()).content.decode()
    assert them.get(link)["Location"] == Case.objects.get().get_absolute_url()
    assert them.get(f"/cases/of/comment/{uuid.uuid4()}").status_code == 404


def test_by_program(comment, moderator, author):
    client = APIClient()
    client.default_format = "json"
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(moderator, scope='moderate', actor=moderator)}")
    asked = {"kind": "hide_comment", "target": str(comment.public_id), "clause": "harassment", "explanation": WORDS}
    made = client.post("/api/v1/cases/on-the-spot", asked, headers={"idempotency-key": "one"})
    assert (made.status_code, made.json()["measures"][0]["kind"]) == (201, "hide_comment")
    again = client.post("/api/v1/cases/on-the-spot", asked, headers={"idempotency-key": "one"})
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    assert client.post("/api/v1/cases/on-the-spot", asked).status_code == 409
    assert client.post("/api/v1/cases/on-the-spot", asked | {"kind": "deactivate"}).status_code == 400
    old = client.post(f"/api/v1/comments/{comment.public_id}/hide", {"category": "spam"})
    assert old.status_code == 403


def test_the_clients_hide_is_refused_for_the_team_with_what_to_do(comment, moderator, owner):
    """The client sends no reasons, and who wrote it must read some: it gets an error that says where to go."""
    token = create_token(moderator, scope="write", actor=moderator)
    where = f"/api/models/nok/tiny-model/discussions/1/comment/{comment.public_id.hex}/hide"
    response = Client().post(where, "{}", content_type="application/json", headers={"authorization": f"Bearer {token}"})
    assert response.status_code == 403
    assert "by a decision" in response.headers["X-Error-Message"]


def test_what_the_team_began_needs_no_decision_to_close(repository, moderator, sign_in):
    place = open_discussion(repository, title="From us", text="We ask you.", actor=moderator, origin="team")
    assert sign_in(moderator).post(f"{place.get_absolute_url()}/status", {"status": "closed"}).status_code == 303
    assert not Case.objects.exists()
