"""Several cases: bulk, links, a second moderator, undo; views and templates (K1, D1, D4)."""

import uuid

import pytest

from community.actions import add_comment
from moderation.cases.actions import MeasureOrder, decide, receive_report
from moderation.cases.models import BulkDecision, Case, CaseLink, Decision
from tests.api.conftest import code

WORDS = "You insulted another person in this discussion."


@pytest.fixture
def cases(case, discussion, author, reporter, clause) -> list[Case]:
    for number in range(2):
        comment = add_comment(discussion, text=f"Idiot number {number}!", actor=author)
        receive_report(comment, clause=clause("harassment"), text="Rude.", actor=reporter)
    return list(Case.objects.order_by("pk"))


@pytest.fixture
def verdict(cases):
    return {
        "cases": [{"id": str(one.public_id), "version": one.version} for one in cases],
        "outcome": "violation",
        "clause": "harassment",
        "measures": [{"kind": "friendly_warning"}],
        "explanation": WORDS,
    }


def test_preview_changes_nothing(team, verdict):
    effects = team.post("/api/v1/bulk-decisions/preview", verdict)
    assert effects.status_code == 200, effects.json()
    assert [len(one["obstacles"]) for one in effects.json()] == [0, 0, 0]
    assert all(one["effects"] and one["told"] == ["quentin"] for one in effects.json())
    assert not Decision.objects.exists()


def test_decided_once_and_taken_back(team, verdict):
    headers = {"Idempotency-Key": "b"}
    first, again = (team.post("/api/v1/bulk-decisions", verdict, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(first.json()["decisions"]) == 3
    bulk = f"/api/v1/bulk-decisions/{first.json()['id']}"
    left = verdict["cases"][0]["id"]
    undone = team.post(f"{bulk}/undo", {"reason": "We misread the thread.", "without": [left]}).json()
    assert undone["undone_at"] is not None
    assert [one["case"] for one in undone["decisions"] if one["undone_at"] is None] == [left]
    assert code(team.post(f"{bulk}/undo", {"reason": "We misread the thread."})) == "undone"
    assert team.get(bulk).json()["id"] == first.json()["id"]


def test_all_or_none(team, verdict):
    verdict["cases"][1]["version"] = 0
    refused = team.post("/api/v1/bulk-decisions", verdict)
    assert (refused.status_code, code(refused)) == (409, "in_the_way")
    (obstacle,) = refused.json()["obstacles"]
    assert obstacle["case"] == verdict["cases"][1]["id"]
    assert obstacle["why"]
    assert not Decision.objects.exists()
    assert not BulkDecision.objects.exists()


def test_bulk_of_what_is_not_there(team, program, verdict, reporter):
    assert program(reporter).post("/api/v1/bulk-decisions", verdict).status_code == 403
    verdict["cases"].append({"id": str(uuid.uuid4()), "version": 1})
    assert team.post("/api/v1/bulk-decisions", verdict).status_code == 404
    assert team.post("/api/v1/bulk-decisions", {**verdict, "cases": []}).status_code == 400
    assert team.get(f"/api/v1/bulk-decisions/{uuid.uuid4()}").status_code == 404


def test_linked_and_unlinked(team, cases):
    one, other, _third = (str(case.public_id) for case in cases)
    shown = team.get(f"/api/v1/cases/{one}/links").json()
    assert other in {row["case"]["id"] for row in shown["suggested"]}
    for _ in range(2):
        assert team.put(f"/api/v1/cases/{one}/links/{other}").status_code == 204
    assert CaseLink.objects.count() == 1
    assert [row["case"]["id"] for row in team.get(f"/api/v1/cases/{other}/links").json()["linked"]] == [one]
    for _ in range(2):
        assert team.delete(f"/api/v1/cases/{one}/links/{other}").status_code == 204
    assert not CaseLink.objects.exists()
    assert team.put(f"/api/v1/cases/{one}/links/{one}").status_code == 400
    assert team.put(f"/api/v1/cases/{one}/links/{uuid.uuid4()}").status_code == 404


def test_links_and_precedents_cost_the_same(team, cases, django_assert_max_num_queries):
    one = cases[0].public_id
    with django_assert_max_num_queries(24):
        team.get(f"/api/v1/cases/{one}/links")
    with django_assert_max_num_queries(10):
        assert team.get(f"/api/v1/cases/{one}/precedents").json() == []


@pytest.fixture
def waiting(repository, reporter, other_moderator, clause) -> Decision:
    """A guarded measure that `other_moderator` decided, and somebody else confirms."""
    receive_report(repository, clause=clause("malware"), text="It steals tokens.", actor=reporter)
    case = Case.objects.get(subject_kind="repository")
    return decide(
        case,
        actor=other_moderator,
        version=case.version,
        outcome="violation",
        clause=clause("malware"),
        measures=[MeasureOrder("disable")],
        explanation="The weights run code that sends tokens away.",
        override="It steals tokens while we wait.",
    )


def test_confirmed_by_another(team, program, waiting, other_moderator, django_assert_max_num_queries):
    url = f"/api/v1/decisions/{waiting.public_id}"
    assert team.get(url).json()["waiting"] is True
    with django_assert_max_num_queries(10):
        (row,) = team.get("/api/v1/confirmations").json()["results"]
    assert (row["decision"]["id"], row["orders"]) == (str(waiting.public_id), ["disable"])
    first = program(other_moderator, "moderate")
    assert first.get("/api/v1/confirmations").json()["results"] == []
    assert first.post(f"{url}/confirm", {"version": row["version"]}).status_code == 403
    stale = team.post(f"{url}/confirm", {"version": 0})
    assert (stale.status_code, stale.json()["version"]) == (409, row["version"])
    done = team.post(f"{url}/confirm", {"version": row["version"], "note": "I ran it."})
    assert (done.status_code, done.json()["waiting"]) == (200, False)
    assert [one["kind"] for one in done.json()["measures"]] == ["disable"]
    assert code(team.post(f"{url}/decline", {"reason": "Not what it looks like."})) == "settled"


def test_declined(team, waiting):
    url = f"/api/v1/decisions/{waiting.public_id}"
    shown = team.post(f"{url}/decline", {"reason": "The code is never run."}).json()
    assert (shown["waiting"], shown["undone_by"]) == (False, "mira")
    assert team.get("/api/v1/confirmations").json()["results"] == []


def test_decision_is_taken_back(team, program, case, reporter, moderator):
    body = {"version": case.version, "outcome": "no_violation", "explanation": "A blunt but fair question."}
    made = team.post(f"/api/v1/cases/{case.public_id}/decisions", body).json()
    assert (made["waiting"], made["undone_at"]) == (False, None)
    url = f"/api/v1/decisions/{made['id']}"
    assert program(reporter).post(f"{url}/undo", {"reason": "We misread the words."}).status_code == 403
    assert code(team.post(f"{url}/decline", {"reason": "We misread the words."})) == "not_found"
    assert team.post(f"{url}/undo", {"reason": "We misread the words."}).json()["undone_by"] == "mira"
    assert code(team.post(f"{url}/undo", {"reason": "We misread the words."})) == "undone"
    case.refresh_from_db()
    assert case.state == "open"


def test_views(team, program, other_moderator, reporter):
    made = team.post("/api/v1/views", {"name": "Spam", "query": "clause=spam&after=x", "shared": True}).json()
    assert (made["query"], made["owner"]) == ("clause=spam", "mira")
    url = f"/api/v1/views/{made['id']}"
    theirs = program(other_moderator, "moderate")
    assert [one["id"] for one in theirs.get("/api/v1/views").json()["results"]] == [made["id"]]
    assert theirs.patch(url, {"name": "Mine"}).status_code == 403
    assert theirs.delete(url).status_code == 403
    assert team.patch(url, {"shared": False}).json()["name"] == "Spam"
    assert theirs.get(url).status_code == 404
    assert program(reporter).get("/api/v1/views").status_code == 403
    assert team.delete(url).status_code == 204
    assert team.get(url).status_code == 404


def test_templates(team, program, reporter):
    body = {"title": "Rude", "text": "{subject} is rude.", "outcome": "violation", "measures": ["friendly_warning"]}
    made = team.post("/api/v1/reason-templates", body)
    assert made.status_code == 201
    url = f"/api/v1/reason-templates/{made.json()['id']}"
    assert team.post("/api/v1/reason-templates", body).status_code == 400
    assert team.post("/api/v1/reason-templates", {**body, "title": "2", "text": "{moon}"}).status_code == 400
    assert team.patch(url, {"text": "{author} was rude."}).json()["title"] == "Rude"
    assert team.delete(url).status_code == 204
    assert [one["active"] for one in team.get("/api/v1/reason-templates").json()["results"]] == [False]
    assert team.patch(url, {"active": True}).json()["measures"] == ["friendly_warning"]
    assert program(reporter).get(url).status_code == 403
