"""Discussions and comments in Django admin: looked at and locked, never deleted (B3)."""

from django.urls import reverse

from accounts.models import Namespace
from accounts.queries import system_actor
from community.actions import block, change_tab, edit_comment, hide, set_locked
from community.models import Block, CommentVersion, DiscussionEvent, Hiding, TabSettings
from foundation import clock
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


def test_unlocked_and_never_locked(sign_in, admin, discussion):
    """To lock one is a decision, with reasons for whoever began it."""
    set_locked(discussion, True, actor=system_actor())
    client = sign_in(admin)
    assert 'value="lock"' not in client.get(reverse(DISCUSSIONS)).content.decode()
    values = {"action": "unlock", "_selected_action": [discussion.pk]}
    assert "We changed 1 discussion." in client.post(reverse(DISCUSSIONS), values, follow=True).content.decode()
    discussion.refresh_from_db()
    assert not discussion.locked


def test_nothing_is_changed_or_deleted(sign_in, admin, comment):
    client = sign_in(admin)
    for page in ("change", "delete"):
        address = reverse(f"admin:community_comment_{page}", args=[comment.pk])
        assert client.post(address, {"text": "Nice.", "post": "yes"}).status_code == 403
    comment.refresh_from_db()
    assert "idiots" in comment.text


def test_versions_and_hidings_are_shown_with_the_comment(sign_in, admin, owner, author, comment):
    edit_comment(comment, text="You people are wrong.", actor=author)
    hide(comment, category="abuse", actor=owner)
    client = sign_in(admin)
    assert "idiots" not in client.get(reverse(COMMENTS)).content.decode()
    page = client.get(reverse("admin:community_comment_change", args=[comment.pk])).content.decode()
    for words in ("You people are idiots", "You people are wrong.", "abuse", "the owner side"):
        assert words in page
    assert 'name="versions-0-text"' not in page


def test_events_are_shown_with_the_discussion(sign_in, admin, moderator, discussion):
    set_locked(discussion, True, actor=system_actor(), reason="heated")
    page = sign_in(admin).get(reverse("admin:community_discussion_change", args=[discussion.pk])).content.decode()
    assert "heated" in page


def test_what_owners_chose_is_seen_and_not_changed(sign_in, admin, owner, author, repository):
    change_tab(repository, on=False, newcomers=7, actor=owner)
    made = block(Namespace.objects.get(user=owner), author, actor=owner, note="a private note")
    client = sign_in(admin)
    for model, key in (("tabsettings", repository.pk), ("block", made.pk)):
        assert "nok" in client.get(reverse(f"admin:community_{model}_changelist")).content.decode()
        page = client.get(reverse(f"admin:community_{model}_change", args=[key])).content.decode()
        assert "private note" not in page
        for verb in ("change", "delete"):
            address = reverse(f"admin:community_{model}_{verb}", args=[key])
            assert client.post(address, {"post": "yes", "on": "on"}).status_code == 403
        assert client.get(reverse(f"admin:community_{model}_add")).status_code == 403
    assert (TabSettings.objects.get().on, Block.objects.count()) == (False, 1)


def test_settings_of_private_repositories_are_left_out(sign_in, admin, owner, repository):
    change_tab(repository, on=False, newcomers=7, actor=owner)
    change_settings(repository, actor=owner, visibility="private")
    assert "tiny-model" not in sign_in(admin).get(reverse("admin:community_tabsettings_changelist")).content.decode()


def test_a_long_history_is_cut_and_asks_no_more(sign_in, admin, owner, author, comment, django_assert_max_num_queries):
    client = sign_in(admin)
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=comment, number=number, text=f"words {number}. " + "x" * 9_000, author=author)
        for number in range(2, 102)
    )
    DiscussionEvent.objects.bulk_create(
        DiscussionEvent(
            discussion=comment.discussion, position=number, kind="renamed", actor=owner, data={"to": f"name {number}."}
        )
        for number in range(1_000, 1_100)
    )
    Hiding.objects.bulk_create(
        Hiding(comment=comment, side="owner", category="spam", actor=owner, lifted_at=clock.now(), lifted_by=owner)
        for _number in range(60)
    )
    with django_assert_max_num_queries(10):
        page = client.get(reverse("admin:community_comment_change", args=[comment.pk])).content.decode()
    assert ("words 101." in page, "words 52." in page, "words 51." in page) == (True, True, False)
    assert "versions, the newest 50" in page.lower()
    assert len(page) < 400_000
    with django_assert_max_num_queries(10):
        page = client.get(reverse("admin:community_discussion_change", args=[comment.discussion.pk])).content.decode()
    assert ("name 1099." in page, "name 1050." in page, "name 1049." in page) == (True, True, False)
