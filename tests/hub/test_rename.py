"""Renaming a discussion through the client (B2; check 22)."""

import pytest
from huggingface_hub.errors import HfHubHTTPError

from community.actions import rename
from community.models import DiscussionEvent

REPO = "nok/tiny-model"


def test_rename(hub, discussion, author):
    api = hub(author)
    change = api.rename_discussion(REPO, 1, "  Loading   fails ")
    assert (change.old_title, change.new_title, change.author) == (discussion.title, "Loading fails", "quentin")
    details = api.get_discussion_details(REPO, 1)
    assert (details.title, details.events[-1]) == ("Loading fails", change)


def test_the_same_title_changes_nothing(hub, discussion, author):
    api = hub(author)
    first = api.rename_discussion(REPO, 1, discussion.title)
    assert (first.old_title, first.new_title) == (discussion.title, discussion.title)
    assert not DiscussionEvent.objects.exists()
    assert api.rename_discussion(REPO, 1, "Loading fails") == api.rename_discussion(REPO, 1, "Loading fails")
    assert DiscussionEvent.objects.count() == 1


def test_a_stranger_cannot(hub, discussion, reporter):
    with pytest.raises(HfHubHTTPError, match="Only its opener, the owner and the team") as raised:
        hub(reporter).rename_discussion(REPO, 1, "Mine now")
    assert raised.value.response.status_code == 403


@pytest.mark.parametrize("title", ["", " ", "x" * 201, "safe \u202etxt"])
def test_bad_titles(hub, discussion, author, title):
    with pytest.raises(HfHubHTTPError) as raised:
        hub(author).rename_discussion(REPO, 1, title)
    assert raised.value.response.status_code == 400


def test_titles_that_were_left_out(hub, discussion, author, owner):
    rename(discussion, "An insult", actor=author)
    rename(discussion, "Loading fails", actor=owner, conceal=True)
    details = hub().get_discussion_details(REPO, 1)
    assert [(one.old_title, one.new_title) for one in details.events[1:]] == [("", ""), ("", "Loading fails")]
    assert "An insult" not in str([one._event for one in details.events])
    assert hub(author).rename_discussion(REPO, 1, "Loading").old_title == "Loading fails"
