"""Closing, reopening, opening a draft through the client: the answer is the event of the timeline (B1)."""

import pytest
from huggingface_hub.errors import HfHubHTTPError

from community.actions import set_status
from community.models import DiscussionEvent
from moderation.cases.actions import receive_report

REPO = "nok/tiny-model"


def kinds(api):
    return [one.type for one in api.get_discussion_details(REPO, 1).events]


def test_close_and_reopen(hub, discussion, author):
    api = hub(author)
    closed = api.change_discussion_status(REPO, 1, "closed")
    opened = api.change_discussion_status(REPO, 1, "open")
    assert [(one.new_status, one.author) for one in (closed, opened)] == [("closed", "quentin"), ("open", "quentin")]
    assert api.get_discussion_details(REPO, 1).events[1:] == [closed, opened]


def test_words_come_where_they_can_be_read(hub, discussion, author):
    """Before it is closed, and after it is reopened: nobody comments in what is closed."""
    api = hub(author)
    api.change_discussion_status(REPO, 1, "closed", comment="Solved.")
    api.change_discussion_status(REPO, 1, "open", comment="Not quite.")
    assert kinds(api) == ["comment", "comment", "status-change", "status-change", "comment"]


def test_again_changes_nothing(hub, discussion, author, owner):
    api = hub(author)
    unchanged = api.change_discussion_status(REPO, 1, "open")
    assert (unchanged.new_status, unchanged.author) == ("open", "quentin")
    assert not DiscussionEvent.objects.exists()
    set_status(discussion, "closed", actor=owner)
    assert api.change_discussion_status(REPO, 1, "closed").author == "nok"
    assert DiscussionEvent.objects.count() == 1


def test_a_draft_is_opened(hub, repository, reporter):
    api = hub(reporter)
    api.create_pull_request(REPO, "Notes")
    assert api.change_discussion_status(REPO, 1, "open").new_status == "open"
    assert api.get_discussion_details(REPO, 1).status == "open"
    assert kinds(api) == ["comment", "status-change"]


def test_nothing_happens_when_the_words_are_refused(hub, discussion, author):
    with pytest.raises(HfHubHTTPError):
        hub(author).change_discussion_status(REPO, 1, "closed", comment="safe \u202etxt")
    discussion.refresh_from_db()
    assert discussion.status == "open"


def test_nobody_but_the_team_closes_a_report(hub, repository, reporter, owner, clause):
    receive_report(repository, clause=clause("spam"), text="Only adverts.", actor=reporter)
    for user in (owner, reporter):
        with pytest.raises(HfHubHTTPError) as raised:
            hub(user).change_discussion_status(REPO, 1, "closed")
        assert raised.value.response.status_code == 403


@pytest.mark.parametrize("status", ["merged", "draft", "", 5, [], None])
def test_bad_status(send, discussion, author, status):
    url = f"/api/models/{REPO}/discussions/1/status"
    assert send("post", url, {"status": status}, user=author).status_code == 400
