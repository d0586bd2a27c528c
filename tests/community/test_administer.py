"""Discussions and comments in Django admin: looked at and locked, never deleted (B3)."""

import pytest
from django.urls import reverse

from repositories.actions import change_settings

DISCUSSIONS, COMMENTS = "admin:community_discussion_changelist", "admin:community_comment_changelist"


def test_found_by_their_words(sign_in, admin, comment):
    client = sign_in(admin)
    assert "How do I load this?" in client.get(reverse(DISCUSSIONS), {"q": "load"}).content.decode()
    assert "You people are idiots" in client.get(reverse(COMMENTS), {"q": "idiots"}).content.decode()


def test_those_of_private_repositories_are_left_out(sign_in, admin, owner, repository, comment):
    change_settings(repository, actor=owner, visibility="private")
    client = sign_in(admin)
    assert "How do I load this?" not in client.get(reverse(DISCUSSIONS)).content.decode()
    assert "You people are idiots" not in client.get(reverse(COMMENTS)).content.decode()
    assert client.get(reverse("admin:community_comment_change", args=[comment.pk])).status_code == 302


@pytest.mark.parametrize("locked", [True, False])
def test_locked_and_unlocked(sign_in, admin, discussion, locked):
    values = {"action": "lock" if locked else "unlock", "_selected_action": [discussion.pk]}
    assert "We changed 1 discussion." in sign_in(admin).post(reverse(DISCUSSIONS), values, follow=True).content.decode()
    discussion.refresh_from_db()
    assert discussion.locked == locked


def test_nothing_is_changed_or_deleted(sign_in, admin, comment):
    client = sign_in(admin)
    for page in ("change", "delete"):
        address = reverse(f"admin:community_comment_{page}", args=[comment.pk])
        assert client.post(address, {"text": "Nice.", "post": "yes"}).status_code == 403
    comment.refresh_from_db()
    assert "idiots" in comment.text
