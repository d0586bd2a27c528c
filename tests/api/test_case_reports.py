"""Reports with evidence, of several comments in one go, changed and withdrawn (K1, C1, C7)."""

import uuid

import pytest

from community.actions import add_comment
from moderation.cases.models import Case
from moderation.reports.details import Details
from moderation.reports.models import Report
from tests.api.conftest import code
from tests.reports.steps import reported

URL = "/api/v1/reports"


@pytest.fixture
def body(comment):
    return {
        "subject": {"kind": "comment", "id": str(comment.public_id)},
        "clause": "harassment",
        "text": "He insults everybody.",
    }


def test_evidence_is_kept(program, reporter, body):
    more = {"links": ["https://archive.example/1"], "passage": "should shut up", "danger": True}
    shown = program(reporter).post(URL, {**body, **more})
    assert shown.status_code == 201, shown.json()
    report = Report.objects.get()
    assert (report.links, report.passage, report.danger) == (more["links"], "should shut up", True)
    assert {name: shown.json()[name] for name in more} == more


@pytest.mark.parametrize(
    "links", [["javascript:alert(1)"], ["no address"], ["https://a.example/"] * 11, "https://a.example/"]
)
def test_links_are_addresses(program, reporter, body, links):
    assert program(reporter).post(URL, {**body, "links": links}).status_code == 400
    assert not Report.objects.exists()


def test_several_comments_in_one_go(program, reporter, body, discussion, author, owner):
    others = [add_comment(discussion, text=f"Idiot {n}!", actor=author) for n in range(2)]
    also = [str(one.public_id) for one in others]
    client, headers = program(reporter), {"Idempotency-Key": "go"}
    first, again = (client.post(URL, {**body, "also": also}, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert Report.objects.count() == 3
    assert {str(one.batch) for one in Report.objects.all()} == {first.json()["batch"]}
    assert {one.channel for one in Report.objects.all()} == {"api"}


def test_what_cannot_be_reported_along_is_named(program, reporter, body, discussion, owner):
    somebody_else, unknown = str(add_comment(discussion, text="Please stop.", actor=owner).public_id), str(uuid.uuid4())
    answer = program(reporter).post(URL, {**body, "also": [somebody_else, unknown]})
    assert answer.status_code == 400
    assert all(one in answer.content.decode() for one in (somebody_else, unknown))
    assert not Report.objects.exists()


def test_changed_and_withdrawn(program, reporter, author, body):
    client = program(reporter)
    url = f"{URL}/{client.post(URL, body).json()['id']}"
    changed = client.patch(url, {"text": "He insults me.", "links": ["https://archive.example/2"]}).json()
    assert (changed["text"], changed["links"]) == ("He insults me.", ["https://archive.example/2"])
    assert client.patch(url, {"passage": "idiots"}).json()["text"] == "He insults me."
    stranger = program(author)
    assert [stranger.patch(url, {"text": "No."}).status_code, stranger.post(f"{url}/withdraw").status_code] == [
        404,
        404,
    ]
    assert [client.post(f"{url}/withdraw").json()["state"] for _ in range(2)] == ["withdrawn", "withdrawn"]
    late = client.patch(url, {"text": "Again."})
    assert (late.status_code, code(late)) == (409, "not_open")


def test_programs_of_the_team_read_it(program, moderator, reporter, make_user, comment):
    for name, passage in (("one", "Ducks"), ("two", comment.text), ("three", "")):
        reported(comment, make_user(name), details=Details(passage=passage))
    rows = program(moderator, "moderate").get(f"/api/v1/cases/{Case.objects.get().public_id}/reports").json()
    assert [one["passage_stands"] for one in rows["results"]] == [None, "here", "nowhere"]
