"""Every write of the API can be sent again: it takes an Idempotency-Key, or twice is once by its nature (K1)."""

from typing import Any

import pytest
from django.urls import URLPattern
from drf_spectacular.generators import SchemaGenerator

from accounts.models import InboxMessage
from config.api import urlpatterns
from moderation.cases.actions import MeasureOrder, claim, decide
from moderation.cases.models import Case, Event, ReasonTemplate
from moderation.policy.models import GuardedMeasure
from tests.api.conftest import code

WRITES = ("post", "put", "patch", "delete")
# What is the same when it is done twice, and why. PUT, PATCH and DELETE say how something is from now on.
BY_NATURE = {
    ("cases/{case_id}/claim", "post"): "claiming an own case keeps it",
    ("cases/{case_id}/release", "post"): "what is free stays free",
    ("cases/{case_id}/renew", "post"): "it is kept for ten minutes from now",
    ("cases/{case_id}/wake", "post"): "nothing happens to one that is not snoozed",
    ("cases/{case_id}/reveal", "post"): "counted once a day",
    ("cases/{case_id}/answers/read", "post"): "read is read",
    ("cases/{case_id}/preview", "post"): "changes nothing",
    ("cases/{case_id}/parties", "post"): "inviting somebody twice is inviting them once",
    ("bulk-decisions/preview", "post"): "changes nothing",
    ("bulk-decisions/{bulk_id}/lift", "post"): "what holds no more is lifted",
    ("parties/{party_id}/leave", "post"): "ended, now or before",
    ("matters/{matter_id}/leave", "post"): "ended, now or before",
    ("views", "post"): "the same name replaces the view of that name",
    ("flaggers", "post"): "the same appointment is answered 200",
    ("inbox/{letter_id}/read", "post"): "the first moment is kept",
    ("reports/{report_id}/withdraw", "post"): "twice is once",
    ("reports/{report_id}/attachments", "post"): "the same content is one file",
    ("appeals/{appeal_id}/attachments", "post"): "the same content is one file",
    ("reports/{report_id}/appeal", "post"): "the same words are one appeal",
    ("statements/{statement_id}/appeal", "post"): "the same words are one appeal",
    ("matters/{matter_id}/appeal", "post"): "the same words are one appeal",
    ("appeals/{appeal_id}/answer", "post"): "the same answer is answered 200",
    ("claims/{report_id}/counter-statement", "post"): "the same one is answered 200",
    ("discussions/{discussion_id}/merge", "post"): "after one's own merge it is answered the same",
    ("discussions/{discussion_id}/ready", "post"): "a draft is one no more",
    ("comments/{comment_id}/hide", "post"): "hidden is hidden",
    ("comments/{comment_id}/unhide", "post"): "shown is shown",
}


def _operations() -> dict[tuple[str, str], dict[str, Any]]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return {
        (path.removeprefix("/api/v1/"), method): operation
        for path, ways in schema["paths"].items() if path.startswith("/api/v1/")
        for method, operation in ways.items() if method in WRITES
    }  # fmt: skip


def test_every_write_can_be_sent_again(db):
    found = _operations()
    keyed = {
        one for one, operation in found.items()
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
    }  # fmt: skip
    left = {one for one in found if one not in keyed and one[1] == "post"} - BY_NATURE.keys()
    assert not left
    assert not BY_NATURE.keys() - found.keys()
    assert not BY_NATURE.keys() & keyed


def test_the_description_knows_every_write(db):
    """What stands in no description would be looked at by nobody."""
    views = [
        one.callback.view_class
        for one in urlpatterns
        if isinstance(one, URLPattern) and hasattr(one.callback, "view_class")
    ]
    wanted = sum(hasattr(view, method) for view in views for method in WRITES if view.__name__ != "Unknown")
    assert len(_operations()) == wanted


WHY = "We have to look at the card again."


@pytest.fixture
def twice(team):
    """twice(method, address, body): both answers under one key, and what a third one with other words says."""

    def send(method: str, address: str, body: dict[str, Any] | None = None) -> tuple[Any, Any]:
        sent = getattr(team, method)
        first, second = (sent(address, body, headers={"Idempotency-Key": "once"}) for _ in range(2))
        assert first.status_code < 300, first.content
        assert (second.status_code, second.content) == (first.status_code, first.content)
        if body and (words := next((name for name in ("reason", "note") if name in body), None)):
            other = sent(address, {**body, words: "Other words than these."}, headers={"Idempotency-Key": "once"})
            assert (other.status_code, code(other)) == (409, "sent")
        return first, second

    return send


def events(case: Case, kind: str) -> int:
    return Event.objects.filter(case=case, kind=kind).count()


def test_escalate(twice, case):
    twice("post", f"/api/v1/cases/{case.public_id}/escalate", {"lane": "legal", "reason": WHY})
    assert events(case, "case.escalated") == 1


def test_escalate_where_one_does_not_see_it_any_more(twice, case):
    first, _second = twice("post", f"/api/v1/cases/{case.public_id}/escalate", {"lane": "minors", "reason": WHY})
    assert first.status_code == 204


def test_track(twice, case, moderator):
    claim(case, actor=moderator)
    track = "moderated" if case.track == "restricted" else "restricted"
    twice("put", f"/api/v1/cases/{case.public_id}/track", {"track": track, "reason": WHY})
    assert events(case, "track.chosen") == 1


def decided(case: Case, by: Any, clause: Any, kind: str = "posting_ban") -> Any:
    case.refresh_from_db()
    return decide(
        case, actor=by, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder(kind)], explanation="You called people idiots.",
    )  # fmt: skip


def test_reopen(twice, case, moderator, clause):
    decided(case, moderator, clause)
    twice("post", f"/api/v1/cases/{case.public_id}/reopen", {"reason": WHY})
    assert events(case, "case.reopened") == 1


def test_undo(twice, case, moderator, clause):
    decision = decided(case, moderator, clause)
    twice("post", f"/api/v1/decisions/{decision.public_id}/undo", {"reason": WHY})
    assert events(case, "decision.undone") == 1


def test_lift(twice, case, moderator, clause, author):
    measure = decided(case, moderator, clause).measures.get()
    twice("post", f"/api/v1/measures/{measure.public_id}/lift", {"reason": WHY})
    assert events(case, "measure.lifted") == 1
    assert InboxMessage.objects.filter(recipient=author, key__startswith="lifted:").count() == 1


@pytest.fixture
def waiting(case, other_moderator, clause):
    GuardedMeasure.objects.get_or_create(kind="posting_ban")
    return decided(case, other_moderator, clause)


def test_confirm(twice, case, waiting):
    case.refresh_from_db()
    body = {"version": case.version, "note": "I read it too."}
    twice("post", f"/api/v1/decisions/{waiting.public_id}/confirm", body)
    assert events(case, "decision.confirmed") == 1


def test_decline(twice, case, waiting):
    twice("post", f"/api/v1/decisions/{waiting.public_id}/decline", {"reason": WHY})
    assert events(case, "decision.declined") == 1


def test_support(twice, case, author):
    twice("post", f"/api/v1/cases/{case.public_id}/support")
    assert InboxMessage.objects.filter(recipient=author, key__startswith="support:").count() == 1


def test_next(team, case, comment, discussion, author, reporter, clause):
    from community.actions import add_comment
    from moderation.cases.actions import receive_report

    other = add_comment(discussion, text="Another one.", actor=author)
    receive_report(other, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
    first, second = (team.post("/api/v1/cases/next", headers={"Idempotency-Key": "mine"}).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert Case.objects.filter(assignee__isnull=False).count() == 1
    assert team.post("/api/v1/cases/next", headers={"Idempotency-Key": "more"}).json()["id"] != first["id"]


def test_a_bulk_is_taken_back_once(twice, team, case):
    body = {
        "cases": [{"id": str(case.public_id), "version": case.version}], "outcome": "no_violation",
        "explanation": "Only a figure of speech.",
    }  # fmt: skip
    bulk = team.post("/api/v1/bulk-decisions", body).json()["id"]
    first, _second = twice("post", f"/api/v1/bulk-decisions/{bulk}/undo", {"reason": WHY})
    assert first.json()["undone_at"]
    again = team.post(f"/api/v1/bulk-decisions/{bulk}/undo", {"reason": WHY}, headers={"Idempotency-Key": "another"})
    assert (again.status_code, code(again)) == (409, "undone")


def test_template(team):
    body = {"title": "Spam", "text": "{subject} is spam.", "outcome": "no_violation"}
    send = lambda **more: team.post("/api/v1/reason-templates", {**body, **more}, headers={"Idempotency-Key": "t"})  # noqa: E731
    first, second = send(), send()
    assert first.json() == second.json()
    assert (first.status_code, ReasonTemplate.objects.count()) == (201, 1)
    assert code(send(title="Other")) == "sent"


def test_somebody_elses_key_is_another_one(team, program, other_moderator):
    body = {"title": "Spam", "text": "{subject} is spam.", "outcome": "no_violation"}
    team.post("/api/v1/reason-templates", body, headers={"Idempotency-Key": "t"})
    other = program(other_moderator, "moderate").post(
        "/api/v1/reason-templates", {**body, "title": "Other"}, headers={"Idempotency-Key": "t"}
    )
    assert (other.status_code, other.json()["title"]) == (201, "Other")
