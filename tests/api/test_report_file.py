"""POST /reports about a single file at a revision, as the page sends it (B4, C8, K1)."""

import json

import pytest

from moderation.reports.models import Report
from repositories.actions import commit
from tests.api.conftest import code

URL = "/api/v1/reports"
RECIPE = b"Mix two parts of the first with one part of the second.\n"


@pytest.fixture
def shared(make_repository, owner):
    repository = make_repository("kitchen")
    commit(repository, {"notes/recipe.txt": RECIPE}, actor=owner, message="Files")
    repository.refresh_from_db()
    return repository


@pytest.fixture
def body(shared):
    return {
        "subject": {"kind": "repository", "id": str(shared.public_id)},
        "clause": "malware",
        "text": "It tells people to mix them.",
        "file": "notes/recipe.txt",
        "at": shared.head,
    }


def test_its_content_is_the_evidence(program, reporter, body, shared, owner):
    commit(shared, {"notes/recipe.txt": b"Do not mix them.\n"}, actor=owner, message="Better")
    sent = [program(reporter).post(URL, body, headers={"Idempotency-Key": "f1"}) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 200], sent[0].json()
    report = Report.objects.get()
    assert (report.snapshot.title, report.snapshot.text.encode()) == ("notes/recipe.txt", RECIPE)
    assert report.subject.repository == shared


def test_the_same_words_about_another_file_are_another_report(program, reporter, body, shared, owner):
    commit(shared, {"other.txt": RECIPE}, actor=owner, message="Another")
    client, headers = program(reporter), {"Idempotency-Key": "f1"}
    assert client.post(URL, body, headers=headers).status_code == 201
    reused = client.post(URL, body | {"file": "other.txt", "at": ""}, headers=headers)
    assert (reused.status_code, code(reused)) == (409, "key_reused")


@pytest.mark.parametrize("at", [None, ""])
def test_without_a_commit_it_is_that_of_the_head(program, reporter, body, at):
    del body["at"]
    assert program(reporter).post(URL, body | ({} if at is None else {"at": at})).status_code == 201
    assert Report.objects.get().snapshot.text.encode() == RECIPE


@pytest.mark.parametrize("change", [{"file": "nothing.txt"}, {"file": "../../etc/passwd"}, {"at": "0" * 40}])
def test_what_is_not_there_is_said_and_nothing_is_filed(program, reporter, body, change):
    refused = program(reporter).post(URL, body | change)
    assert refused.status_code == 404, refused.json()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "change", [{"file": "x" * 5_000}, {"file": "a\u0000b"}, {"file": []}, {"at": "0" * 65}, {"at": "\ud800" * 40}]
)
def test_what_makes_no_sense(program, reporter, body, change):
    sent = json.dumps(body | change)  # as ASCII: half a character too
    assert program(reporter).post(URL, sent, content_type="application/json").status_code == 400
    assert not Report.objects.exists()


def test_whoever_may_not_read_the_files_learns_nothing(program, reporter, body, shared):
    shared.gating = "manual"
    shared.save()
    refused = program(reporter).post(URL, body)
    assert refused.status_code == 403
    assert not Report.objects.exists()


def test_only_a_repository_has_files(program, reporter, body, comment):
    body["subject"] = {"kind": "comment", "id": str(comment.public_id)}
    refused = program(reporter).post(URL, body)
    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "file")
    assert code(refused)
    assert not Report.objects.exists()
