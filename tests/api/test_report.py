"""POST /reports: what a form refuses, the API refuses too (C1, C7, K1)."""

import json
import uuid

import pytest

from community.models import Discussion
from moderation.reports.models import Report
from repositories.models import Visibility
from tests.api.conftest import code

URL = "/api/v1/reports"


@pytest.fixture
def body(comment):
    return {
        "subject": {"kind": "comment", "id": str(comment.public_id)},
        "clause": "harassment",
        "text": "He insults everybody.",
    }


def test_report_is_filed(program, reporter, body, comment):
    response = program(reporter).post(URL, body)
    assert response.status_code == 201, response.json()
    report = Report.objects.get()
    assert (report.subject.comment, report.reporter, report.channel) == (comment, reporter, "api")
    shown = response.json()
    assert (shown["id"], shown["state"], shown["confidential"]) == (str(report.public_id), "open", True)
    assert shown["subject"]["url"] == f"http://testserver{comment.get_absolute_url()}"


def test_public_report_names_its_discussion(program, reporter, body, repository):
    body |= {"subject": {"kind": "repository", "id": str(repository.public_id)}, "clause": "spam"}
    shown = program(reporter).post(URL, body).json()
    opened = Discussion.objects.latest("pk")
    assert shown["discussion"] == f"http://testserver{opened.get_absolute_url()}"


@pytest.mark.parametrize("sent_as", ["header", "body"])
def test_same_request_twice_is_one_report(program, reporter, body, sent_as):
    client, headers = program(reporter), {}
    if sent_as == "header":
        headers = {"Idempotency-Key": "attempt 7"}
    else:
        body["request_id"] = str(uuid.uuid4())
    first = client.post(URL, body, headers=headers)
    second = client.post(URL, body, headers=headers)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Report.objects.count() == 1


def test_two_people_may_use_the_same_key(program, reporter, owner, body):
    headers = {"Idempotency-Key": "1"}
    assert program(reporter).post(URL, body, headers=headers).status_code == 201
    assert program(owner).post(URL, body, headers=headers).status_code == 201


@pytest.mark.parametrize("change", ["subject", "clause", "text"])
def test_key_of_another_report_is_refused(program, reporter, body, repository, change):
    client, headers = program(reporter), {"Idempotency-Key": "1"}
    client.post(URL, body, headers=headers)
    others = {
        "subject": {"kind": "repository", "id": str(repository.public_id)},
        "clause": "spam",
        "text": "He threatens everybody.",
    }
    response = client.post(URL, body | {change: others[change]}, headers=headers)
    assert (response.status_code, code(response)) == (409, "key_reused")


def test_key_too_long(program, reporter, body):
    response = program(reporter).post(URL, body, headers={"Idempotency-Key": "x" * 201})
    assert response.status_code == 400


def test_same_thing_for_the_same_clause_again(program, reporter, body):
    client = program(reporter)
    client.post(URL, body)
    response = client.post(URL, body)
    assert (response.status_code, code(response)) == (409, "already_reported")


def test_rate_limit(program, reporter, body, settings, make_repository):
    settings.REPORTS_PER_HOUR = 1
    client = program(reporter)
    headers = {"Idempotency-Key": "1"}
    client.post(URL, body, headers=headers)
    other = body | {"subject": {"kind": "repository", "id": str(make_repository("other").public_id)}}
    response = client.post(URL, other)
    assert (response.status_code, code(response)) == (429, "rate_limited")
    assert client.post(URL, body, headers=headers).status_code == 200


def test_token_without_write(program, reporter, body):
    response = program(reporter, "read").post(URL, body)
    assert (response.status_code, code(response)) == (403, "permission_denied")
    assert "“read”" in response.json()["errors"][0]["detail"]
    assert not Report.objects.exists()


def test_nobody_reports_without_signing_in(client, db, body):
    assert client.post(URL, body, content_type="application/json").status_code == 401


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"text": "x" * 100_000}, "text"),
        ({"text": "safe \u202etxt.exe"}, "text"),
        ({"text": "a\u0000b"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": "   "}, "text"),
        ({"clause": "no-such-clause"}, "clause"),
        ({"clause": {"code": "spam"}}, "clause"),
        ({"clause": "sp\u0000am"}, "clause"),
        ({"clause": "\ud800"}, "clause"),
        ({"subject": {"kind": "planet", "id": str(uuid.uuid4())}}, "subject.kind"),
        ({"subject": "comment"}, "subject.non_field_errors"),
        ({"ground": "taste"}, "ground"),
        ({"ground": "\ud800"}, "ground"),
        ({"request_id": "1"}, "request_id"),
    ],
)
def test_bad_input_names_its_field(program, reporter, body, change, attr):
    raw = json.dumps(body | change)
    response = program(reporter).generic("POST", URL, raw, content_type="application/json")
    assert response.status_code == 400
    answer = response.json()
    assert (answer["type"], answer["errors"][0]["attr"]) == ("validation_error", attr)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("{", 400),
        ("", 400),
        ("[1, 2]", 400),
        ('"text"', 400),
        ("null", 400),
        ('{"text": NaN}', 400),
        ("[" * 100_000, 400),
        ("9" * 5_000, 400),
        (b"\xff\xfe", 400),
        ('{"text": "' + "x" * 1_100_000 + '"}', 413),
    ],
)
def test_bad_json(program, reporter, raw, status):
    response = program(reporter).generic("POST", URL, raw, content_type="application/json")
    assert response.status_code == status
    assert response.json()["errors"][0]["detail"]


def test_form_data_is_refused(program, reporter, body):
    response = program(reporter).post(URL, {"clause": "spam"}, format="multipart")
    assert (response.status_code, code(response)) == (415, "unsupported_media_type")


def test_missing_and_private_things_are_the_same(program, reporter, body, repository, discussion, comment):
    repository.visibility = Visibility.PRIVATE
    repository.save()
    client = program(reporter)
    sent = [("comment", comment), ("discussion", discussion), ("repository", repository), ("comment", None)]
    answers = []
    for kind, thing in sent:
        public_id = thing.public_id if thing else uuid.uuid4()
        response = client.post(URL, body | {"subject": {"kind": kind, "id": str(public_id)}})
        answers.append((response.status_code, response.json()))
    assert answers == [answers[0]] * 4
    assert answers[0][0] == 404


def test_the_law_wants_a_statement_of_good_faith(program, reporter, body):
    client = program(reporter)
    for said in ({}, {"good_faith": False}):
        refused = client.post(URL, body | {"ground": "law", **said})
        assert refused.status_code == 400
        assert [one["attr"] for one in refused.json()["errors"]] == ["good_faith"]
        assert "Send good_faith: true" in refused.content.decode()
    assert not Report.objects.exists()
    assert client.post(URL, body | {"ground": "law", "good_faith": True}).status_code == 201
    assert Report.objects.get().ground == "law"


def test_a_claim_of_rights_is_sent_elsewhere(program, reporter, body):
    refused = program(reporter).post(URL, body | {"clause": "third-party-rights"})
    assert refused.status_code == 400
    assert [one["attr"] for one in refused.json()["errors"]] == ["clause"]
    assert "/api/v1/claims" in refused.content.decode()
    assert not Report.objects.exists()
