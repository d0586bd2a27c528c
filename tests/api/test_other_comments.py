"""Programs find other comments of an author where they may read, and report them in one go (C1, A2)."""

import uuid

import pytest

from community.actions import open_discussion
from moderation.reports.models import Report
from repositories.models import Repository, Visibility


@pytest.fixture
def elsewhere(make_repository, author):
    return open_discussion(make_repository("far-away"), title="Elsewhere", text="Buy my ducks here.", actor=author)


def first(discussion):
    return discussion.comments.get(position=1)


def ids(comments):
    return [str(one.public_id) for one in comments]


def test_programs_find_and_report_them(program, reporter, comment, discussion, elsewhere):
    client = program(reporter)
    url = f"/api/v1/reports/others/{comment.public_id}"
    rows = client.get(url).json()["results"]
    assert {one["id"] for one in rows} == set(ids([first(discussion), first(elsewhere)]))
    (duck,) = client.get(f"{url}?find=ducks").json()["results"]
    assert (duck["repository"], duck["title"], duck["text"]) == ("nok/far-away", "Elsewhere", "Buy my ducks here.")
    body = {"subject": {"kind": "comment", "id": str(comment.public_id)}, "clause": "spam", "text": "Ducks."}
    assert client.post("/api/v1/reports", body | {"also": [duck["id"]]}).status_code == 201
    assert Report.objects.count() == 2
    Repository.objects.filter(pk=elsewhere.repository_id).update(visibility=Visibility.PRIVATE)
    assert [one["id"] for one in client.get(url).json()["results"]] == ids([first(discussion)])


def test_a_program_that_sends_it_again_gets_the_same_report(program, reporter, comment, elsewhere):
    also = ids([first(elsewhere)])
    body = {"subject": {"kind": "comment", "id": str(comment.public_id)}, "clause": "spam", "text": "Ducks."}
    client, sent = program(reporter), {"headers": {"Idempotency-Key": "ducks"}}
    one = client.post("/api/v1/reports", body | {"also": also}, **sent)
    Repository.objects.filter(pk=elsewhere.repository_id).update(visibility=Visibility.PRIVATE)
    again = client.post("/api/v1/reports", body | {"also": also}, **sent)
    assert (one.status_code, again.status_code) == (201, 200)
    assert client.post("/api/v1/reports", body | {"also": also, "text": "New."}).status_code == 400


def test_more_than_are_taken_is_an_error(program, reporter, comment):
    body = {"subject": {"kind": "comment", "id": str(comment.public_id)}, "clause": "spam", "text": "Ducks."}
    answer = program(reporter).post("/api/v1/reports", body | {"also": [str(uuid.uuid4()) for _ in range(21)]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "also"
    assert "20" in answer.json()["errors"][0]["detail"]


def test_a_program_finds_nothing_of_what_it_cannot_read(program, reporter, comment, repository):
    client, url = program(reporter), f"/api/v1/reports/others/{comment.public_id}"
    Repository.objects.filter(pk=repository.pk).update(visibility=Visibility.PRIVATE)
    missing = client.get(f"/api/v1/reports/others/{uuid.uuid4()}")
    assert client.get(url).status_code == missing.status_code == 404
    assert client.get(url).json() == missing.json()
