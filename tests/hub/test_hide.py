"""Hiding a comment through the client: its words are in no answer any more (B2; check 23)."""

import pytest
from huggingface_hub.errors import HfHubHTTPError

from community.actions import add_comment, edit_comment, open_discussion
from community.models import Hiding
from hub.events import HIDDEN

REPO = "nok/tiny-model"
pytestmark = pytest.mark.filterwarnings("ignore:Hidden comments")


def url(comment, verb="hide", number=1):
    return f"/api/models/{REPO}/discussions/{number}/comment/{comment}/{verb}"


def test_words_and_history_are_gone(hub, send, comment, author, reporter, owner):
    edit_comment(comment, text="You are all idiots.", actor=author)
    add_comment(comment.discussion, text="> You are all idiots.\n\nPlease stay polite.", actor=reporter)
    key = comment.public_id.hex.upper()
    hidden = hub(owner).hide_discussion_comment(REPO, 1, key)
    assert (hidden.content, hidden.hidden, hidden.edit_history, hidden.rendered) == (HIDDEN, True, [], HIDDEN)
    details = hub().get_discussion_details(REPO, 1)
    assert [one.hidden for one in details.events if one.type == "comment"] == [False, True, False]
    for user in (None, reporter, author, owner):
        assert "idiots" not in send("get", f"/api/models/{REPO}/discussions/1", user=user).content.decode()


def test_without_a_reason_it_is_off_topic(hub, comment, owner):
    hub(owner).hide_discussion_comment(REPO, 1, comment.public_id.hex)
    hiding = Hiding.objects.get()
    assert (hiding.side, hiding.category, hiding.actor) == ("owner", "off_topic", owner)


def test_a_bot_may_give_a_reason(send, comment, owner):
    assert send("post", url(comment.public_id), {"category": "spam"}, user=owner).status_code == 200
    assert Hiding.objects.get().category == "spam"


def test_whoever_wrote_it_withdraws_it(hub, comment, author):
    assert hub(author).hide_discussion_comment(REPO, 1, comment.public_id.hex).hidden
    assert Hiding.objects.get().category == "withdrawn"


def test_hiding_twice_changes_nothing(hub, comment, owner):
    api = hub(owner)
    for _time in range(2):
        assert api.hide_discussion_comment(REPO, 1, comment.public_id.hex).hidden
    assert len(api.get_discussion_details(REPO, 1).events) == 3


def test_a_stranger_cannot(hub, comment, reporter):
    with pytest.raises(HfHubHTTPError, match="Only the owner and the team") as raised:
        hub(reporter).hide_discussion_comment(REPO, 1, comment.public_id.hex)
    assert raised.value.response.status_code == 403


def test_what_is_hidden_is_not_edited(hub, comment, author, owner):
    hub(owner).hide_discussion_comment(REPO, 1, comment.public_id.hex)
    with pytest.raises(HfHubHTTPError, match="hidden"):
        hub(author).edit_discussion_comment(REPO, 1, comment.public_id.hex, "Sorry.")


@pytest.mark.parametrize("verb", ["hide", "edit"])
@pytest.mark.parametrize("key", ["x", "0" * 32, "0" * 31, "²" * 32])
def test_no_such_comment(send, comment, owner, verb, key):
    assert send("post", url(key, verb), {"content": "Hi."}, user=owner).status_code == 404


def test_a_comment_of_another_discussion(send, comment, owner):
    open_discussion(comment.discussion.repository, title="Another", text="One.", actor=owner)
    assert send("post", url(comment.public_id, number=2), user=owner).status_code == 404


@pytest.mark.parametrize("category", ["withdrawn", "nothing", 5, ["spam"], None])
def test_bad_categories(send, comment, owner, category):
    assert send("post", url(comment.public_id), {"category": category}, user=owner).status_code == 400
    assert not Hiding.objects.exists()
