"""Changing discussions, comments and pull requests: each through its action (K1, B1, B2, B3)."""

import pytest

from accounts.queries import system_actor
from community.actions import hide, open_discussion, set_locked, set_pinned
from community.models import Discussion, Hiding, Reaction
from community.pull_requests import open_pull_request
from repositories import git
from tests.api.conftest import code


@pytest.fixture
def path(discussion) -> str:
    return f"/api/v1/discussions/{discussion.public_id}"


@pytest.fixture
def comment_path(comment) -> str:
    return f"/api/v1/comments/{comment.public_id}"


@pytest.fixture
def draft(repository, author):
    change = git.Put("notes.txt", git.store_bytes(repository, b"Notes.").oid)
    return open_pull_request(repository, [change], title="Notes", text="Here.", actor=author, draft=True)


def kinds(discussion) -> list[str]:
    return list(discussion.events.order_by("position").values_list("kind", flat=True))


def test_opener_renames_and_closes(program, author, path, discussion):
    shown = program(author).patch(path, {"title": "Loading ", "status": "closed"}).json()
    assert (shown["title"], shown["status"]) == ("Loading", "closed")
    assert kinds(discussion) == ["renamed", "closed"]


def test_owner_leaves_the_earlier_titles_out(program, author, owner, path, discussion):
    program(author).patch(path, {"title": "An insult"})
    wanted = {"title": "Loading", "conceal": True}
    assert code(program(author).patch(path, {"title": "Mine", "conceal": True})) == "permission_denied"
    assert program(owner).patch(path, wanted).json()["title"] == "Loading"
    events = program(author).get(f"{path}/timeline").json()["results"][1:]
    assert [one["data"] for one in events] == [{"concealed": True}, {"to": "Loading", "concealed": True}]


def test_leaving_titles_out_goes_with_another_title(program, owner, path):
    response = program(owner).patch(path, {"conceal": True})
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, "conceal")


def test_owner_locks_and_pins(program, owner, path):
    shown = program(owner).patch(path, {"locked": True, "lock_reason": "heated", "pinned": True}).json()
    assert (shown["locked"], shown["lock_reason"], shown["locked_by_team"], shown["pinned"]) == (
        True,
        "heated",
        False,
        True,
    )
    shown = program(owner).patch(path, {"locked": False, "pinned": False}).json()
    assert (shown["locked"], shown["lock_reason"], shown["pinned"]) == (False, "", False)


def test_all_or_nothing(program, author, path, discussion):
    response = program(author).patch(path, {"title": "Loading", "locked": True})
    assert (response.status_code, code(response)) == (403, "permission_denied")
    discussion.refresh_from_db()
    assert (discussion.title, kinds(discussion)) == ("How do I load this?", [])


def test_sent_again_changes_nothing(program, owner, path, discussion):
    for _time in range(2):
        assert program(owner).patch(path, {"title": "New", "status": "closed", "pinned": True}).status_code == 200
    assert len(kinds(discussion)) == 3
    assert program(owner).patch(path, {}).status_code == 200


@pytest.mark.parametrize("change", [{"title": "New"}, {"status": "closed"}, {"locked": True}, {"pinned": True}])
def test_stranger_changes_nothing(program, reporter, path, discussion, change):
    response = program(reporter).patch(path, change)
    assert (response.status_code, code(response)) == (403, "permission_denied")
    assert kinds(discussion) == []


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"status": "merged"}, "status"),
        ({"title": ""}, "title"),
        ({"lock_reason": "heated"}, "lock_reason"),
        ({"locked": True, "lock_reason": "taste"}, "lock_reason"),
        ({"pinned": "perhaps"}, "pinned"),
    ],
)
def test_bad_change_names_its_field(program, owner, path, change, attr):
    response = program(owner).patch(path, change)
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr)


def test_a_fourth_is_not_pinned(program, owner, path, repository):
    for number in range(3):
        set_pinned(open_discussion(repository, title=f"{number}", text="Text.", actor=owner), True, actor=owner)
    response = program(owner).patch(path, {"pinned": True})
    assert (response.status_code, code(response)) == (409, "too_many_pinned")


def test_owner_does_not_unlock_what_the_team_locked(program, owner, moderator, path, discussion):
    set_locked(discussion, True, actor=system_actor())
    assert program(owner).patch(path, {"locked": False}).status_code == 403
    assert program(moderator).patch(path, {"locked": False}).json()["locked"] is False


def test_draft_is_opened_and_merged(program, author, owner, draft, repository):
    path = f"/api/v1/discussions/{draft.public_id}"
    assert code(program(owner).post(f"{path}/merge")) == "draft"
    assert program(author).post(f"{path}/ready").json()["status"] == "open"
    assert program(author).post(f"{path}/merge").status_code == 403
    answers = [program(owner).post(f"{path}/merge", {"message": "Add notes"}) for _time in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    shown = answers[0].json()
    assert (shown["status"], answers[1].json()) == ("merged", shown)
    repository.refresh_from_db()
    assert shown["pull_request"]["merge_commit"] == repository.head
    assert code(program(owner).patch(path, {"status": "open"})) == "merged"


def test_draft_is_opened_by_its_status(program, author, draft):
    assert (
        program(author).patch(f"/api/v1/discussions/{draft.public_id}", {"status": "open"}).json()["status"] == "open"
    )
    assert kinds(draft) == ["opened"]


@pytest.mark.parametrize("verb", ["merge", "ready"])
def test_a_discussion_is_no_pull_request(program, owner, path, verb):
    response = program(owner).post(f"{path}/{verb}")
    assert (response.status_code, code(response)) == (404, "not_pull_request")


def test_author_edits(program, author, owner, comment, comment_path):
    shown = program(author).patch(comment_path, {"text": "Sorry."}).json()
    assert (shown["text"], comment.versions.count()) == ("Sorry.", 2)
    assert shown["edited_at"]
    assert program(owner).patch(comment_path, {"text": "Not mine."}).status_code == 403
    assert program(author).patch(comment_path, {"text": "x" * 65_537}).status_code == 400


def test_owner_hides_and_shows_again(program, owner, comment, comment_path):
    hidden = [program(owner).post(f"{comment_path}/hide", {"category": "abuse"}).json() for _time in range(2)]
    assert [(one["hidden"], one["hidden_because"], one["text"]) for one in hidden] == [(True, "abuse", "")] * 2
    assert program(owner).post(f"{comment_path}/unhide").json()["text"] == comment.text
    assert kinds(comment.discussion) == ["hidden", "unhidden"]


def test_author_withdraws(program, author, comment_path):
    assert program(author).post(f"{comment_path}/hide").json()["hidden_because"] == "withdrawn"


def test_team_s_category_is_shown_first(program, owner, moderator, comment, comment_path):
    hide(comment, category="spam", actor=system_actor())
    assert program(owner).post(f"{comment_path}/hide", {"category": "off_topic"}).json()["hidden_because"] == "spam"


@pytest.mark.parametrize("category", ["", "taste", "withdrawn"])
def test_hiding_needs_a_category(program, owner, comment_path, category):
    assert program(owner).post(f"{comment_path}/hide", {"category": category}).status_code == 400
    assert program(owner).post(f"{comment_path}/hide").status_code == 400
    assert not Hiding.objects.exists()


def test_stranger_hides_nothing(program, reporter, comment_path):
    assert program(reporter).post(f"{comment_path}/hide", {"category": "spam"}).status_code == 403


def test_hidden_is_not_edited(program, author, owner, comment, comment_path):
    hide(comment, category="spam", actor=owner)
    assert code(program(author).patch(comment_path, {"text": "Shown?"})) == "hidden"


def test_reactions_come_and_go(program, reporter, comment_path):
    client, path = program(reporter), f"{comment_path}/reactions/heart"
    assert [client.put(path).status_code for _time in range(2)] == [204, 204]
    assert Reaction.objects.get().kind == "heart"
    assert [client.delete(path).status_code for _time in range(2)] == [204, 204]
    assert not Reaction.objects.exists()
    assert code(client.put(f"{comment_path}/reactions/shrug")) == "invalid"


@pytest.mark.parametrize("level", ["watch", "mute"])
def test_subscriptions(program, reporter, path, repository, level):
    client = program(reporter)
    for there in (f"{path}/subscription", f"/api/v1/repositories/{repository.public_id}/subscription"):
        assert client.get(there).json() == {"level": None, "reason": None}
        assert client.put(there, {"level": level}).json() == {"level": level, "reason": "chosen"}
        assert client.get(there).json()["level"] == level
        assert (client.put(there, {"level": "shout"}).status_code, client.delete(there).status_code) == (400, 204)
        assert client.get(there).json()["level"] is None


def test_changes_need_write(program, owner, path, comment_path):
    client = program(owner, "read")
    sent = [client.patch(path, {}), client.post(f"{path}/merge"), client.post(f"{path}/ready")]
    sent += [client.put(f"{path}/subscription", {"level": "mute"}), client.patch(comment_path, {"text": "x"})]
    sent += [client.post(f"{comment_path}/{verb}") for verb in ("hide", "unhide")]
    sent += [client.put(f"{comment_path}/reactions/heart"), client.delete(f"{comment_path}/reactions/heart")]
    assert {one.status_code for one in sent} == {403}
    assert not Discussion.objects.exclude(status="open").exists()
