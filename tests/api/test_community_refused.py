"""Who may not post learns why, and until when, in the standard shape of an error (F5, K1)."""

from datetime import datetime, timedelta

import pytest

from accounts.models import PostingRestriction
from community.actions import block, change_tab, set_locked, set_status
from foundation import clock
from tests.api.conftest import code


@pytest.fixture
def ways(repository, discussion, comment):
    """Every way to post but rename and status, which only the opener has: its name, verb, address and body."""
    tab, one = f"/api/v1/repositories/{repository.public_id}", f"/api/v1/discussions/{discussion.public_id}"
    own = f"/api/v1/comments/{comment.public_id}"
    return {
        "discussion": ("post", f"{tab}/discussions", {"title": "Title", "text": "Text."}),
        "comment": ("post", f"{one}/comments", {"text": "Text."}),
        "edit": ("patch", own, {"text": "Other words."}),
        "rename": ("patch", one, {"title": "Other title"}),
        "status": ("patch", one, {"status": "closed"}),
        "reaction": ("put", f"{own}/reactions/heart", None),
    }


def send(client, way):
    verb, path, body = way
    return getattr(client, verb)(path, body)


def ban(user, hours=48):
    ends_at = clock.now() + timedelta(hours=hours) if hours else None
    return PostingRestriction.objects.create(user=user, kind="posting_ban", reason="Insults.", ends_at=ends_at)


@pytest.mark.parametrize("way", ["discussion", "comment", "edit", "rename", "status", "reaction"])
def test_ban_says_why_and_until_when(program, author, ways, way):
    restriction = ban(author)
    answer = send(program(author), ways[way])
    assert (answer.status_code, code(answer)) == (403, "posting_restricted")
    assert datetime.fromisoformat(answer.json()["until"]) == restriction.ends_at
    assert "Insults." in answer.json()["errors"][0]["detail"]


def test_restriction_without_an_end(program, author, ways):
    ban(author, hours=None)
    assert send(program(author), ways["comment"]).json()["until"] is None


def test_ban_ends_by_itself(program, author, ways, pass_time):
    ban(author)
    client = program(author)
    pass_time(timedelta(hours=48, seconds=-30))
    assert send(client, ways["comment"]).status_code == 403
    pass_time(timedelta(seconds=30))
    assert send(client, ways["comment"]).status_code == 201


def test_banned_person_reads_and_mutes(program, author, ways, discussion):
    ban(author)
    path = f"/api/v1/discussions/{discussion.public_id}"
    assert program(author).get(f"{path}/timeline").status_code == 200
    assert program(author).put(f"{path}/subscription", {"level": "mute"}).status_code == 200


def test_too_much(program, author, ways, settings):
    settings.POSTS_PER_WINDOW = 2
    answer = send(program(author), ways["comment"])
    assert (answer.status_code, code(answer)) == (429, "rate_limited")
    assert 0 < int(answer["Retry-After"]) <= 600
    assert datetime.fromisoformat(answer.json()["until"]) > clock.now()


def test_too_many_reports_say_when_too(program, reporter, comment, settings):
    settings.REPORTS_PER_HOUR = 1
    body = {"subject": {"kind": "comment", "id": str(comment.public_id)}, "clause": "spam", "text": "Spam."}
    client = program(reporter)
    client.post("/api/v1/reports", body)
    answer = client.post("/api/v1/reports", body | {"clause": "harassment"})
    assert (answer.status_code, 0 < int(answer["Retry-After"]) <= 3600) == (429, True)


def test_blocked(program, author, owner, ways, repository):
    block(repository.namespace, author, actor=owner)
    for way in ways.values():
        answer = send(program(author), way)
        assert (answer.status_code, code(answer)) == (403, "blocked")


def test_tab_off(program, author, owner, ways, repository):
    change_tab(repository, on=False, newcomers=0, actor=owner)
    for name, way in ways.items():
        answer = send(program(author), way)
        assert (answer.status_code, code(answer)) == (403 if name == "discussion" else 404, "tab_off")


def test_locked(program, author, owner, ways, discussion):
    set_locked(discussion, True, actor=owner, reason="heated")
    for name, way in ways.items():
        answer = send(program(author), way)
        assert (answer.status_code == 201) if name == "discussion" else (code(answer) == "locked")


def test_closed(program, reporter, author, ways, discussion):
    set_status(discussion, "closed", actor=author)
    answer = send(program(reporter), ways["comment"])
    assert (answer.status_code, code(answer)) == (409, "closed")


def test_what_one_does_not_see(program, author, ways, repository):
    repository.visibility = "private"
    repository.save()
    for way in ways.values():
        assert send(program(author), way).status_code == 404
