"""Editing a comment through the client (B5)."""

import pytest
from huggingface_hub.errors import HfHubHTTPError

REPO = "nok/tiny-model"


def test_edit(hub, comment, author):
    api = hub(author)
    edited = api.edit_discussion_comment(REPO, 1, comment.public_id.hex, "I **disagree**.")
    assert (edited.content, edited.edited, edited.number_of_edits) == ("I **disagree**.", True, 1)
    assert edited.rendered == "<p>I <strong>disagree</strong>.</p>\n"
    assert api.get_discussion_details(REPO, 1).events[1] == edited


def test_the_same_words_are_no_edit(hub, comment, author):
    edited = hub(author).edit_discussion_comment(REPO, 1, comment.public_id.hex, comment.text)
    assert (edited.edited, edited.edit_history) == (False, [])


def test_only_its_author(hub, comment, owner):
    with pytest.raises(HfHubHTTPError, match="Only who wrote a comment") as raised:
        hub(owner).edit_discussion_comment(REPO, 1, comment.public_id.hex, "I agree with myself.")
    assert raised.value.response.status_code == 403


def test_without_words(hub, comment, author):
    with pytest.raises(HfHubHTTPError, match="content is missing") as raised:
        hub(author).edit_discussion_comment(REPO, 1, comment.public_id.hex, "  ")
    assert raised.value.response.status_code == 400
