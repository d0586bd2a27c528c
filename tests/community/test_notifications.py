"""The inbox of discussions: what is in it, what is unread, and what is never shown."""

import uuid

import pytest

from accounts.actions import write_to
from community.actions import add_comment, hide, open_discussion, set_status, unhide
from community.inbox import mark_discussion_read
from community.models import Notification, TabSettings
from community.notifying import notify
from foundation.models import Change
from repositories.models import Repository

PATH = "/inbox/discussions"


@pytest.fixture
def heard(discussion, author, reporter):
    """A comment of which the opener hears."""
    Change.objects.all().delete()
    comment = add_comment(discussion, text="Have you **tried** it again?\n\n> It does not load", actor=reporter)
    notify()
    return comment


def show(client, query=""):
    return client.get(f"{PATH}{query}").content.decode()


def test_a_row_says_what_where_who_and_why(sign_in, author, heard):
    page = show(sign_in(author))
    for words in ("nok/tiny-model #1", "How do I load this?", "iris", "you opened it", "Have you tried it again?"):
        assert words in page
    assert "It does not load" not in page  # what is quoted, others wrote
    assert f'href="{heard.get_absolute_url()}"' in page
    assert "(unread)" in page


def test_events_are_said_in_words(sign_in, owner, author, discussion):
    set_status(discussion, "closed", actor=owner)
    notify()
    page = show(sign_in(author))
    assert "closed this" in page
    assert f"#event-{discussion.events.get().public_id}" in page


def test_the_header_counts_messages_and_discussions_together(sign_in, author, heard, moderator):
    write_to(author, key="one", subject="Hello", body="…", actor=moderator)
    client = sign_in(author)
    assert '<span class="count new">2' in show(client)
    messages = client.get("/inbox").content.decode()
    assert messages.count('<span class="count">1<') == 3  # messages, discussions, unread messages


def test_the_count_ends_at_99(sign_in, author, discussion):
    rows = [
        Notification(recipient=author, discussion=discussion, event=event, reason="opened")
        for event in discussion.events.bulk_create(
            discussion.events.model(discussion=discussion, position=n, kind="closed", actor=author)
            for n in range(100, 220)
        )
    ]
    Notification.objects.bulk_create(rows)
    assert '<span class="count new">99' in show(sign_in(author))


def test_a_hidden_comment_keeps_its_row_and_loses_its_words(sign_in, owner, author, heard):
    hide(heard, category="abuse", actor=owner)
    page = show(sign_in(author))
    assert "hidden comment" in page
    assert "tried" not in page
    unhide(heard, actor=owner)
    assert "tried" in show(sign_in(author))


def test_the_author_hears_that_a_comment_was_hidden_without_its_words(sign_in, owner, reporter, heard):
    hide(heard, category="abuse", actor=owner)
    notify()
    page = show(sign_in(reporter))
    assert f'hid <a href="{heard.get_absolute_url()}">your comment</a>: ' in page
    assert "you commented" in page
    assert "tried" not in page


def test_quotes_of_a_hidden_comment_are_not_shown_either(sign_in, owner, author, heard, discussion):
    add_comment(discussion, text="Intro\n\n> Have you **tried** it again?\n\nOutro", actor=owner)
    notify()
    hide(heard, category="abuse", actor=owner)
    assert "tried" not in show(sign_in(author))


def test_opening_the_discussion_marks_it_read(sign_in, author, reporter, heard, discussion, django_assert_num_queries):
    with django_assert_num_queries(1):
        mark_discussion_read(reporter, discussion)
    assert Notification.objects.get(recipient=author).read_at is None
    mark_discussion_read(author, discussion)
    page = show(sign_in(author))
    assert "(unread)" not in page
    assert "How do I load this?" in page


def test_unread_leaves_out_what_was_read(sign_in, author, heard, discussion):
    client = sign_in(author)
    assert "How do I load this?" in show(client, "?unread=1")
    mark_discussion_read(author, discussion)
    assert "You have read everything" in show(client, "?unread=1")


def test_a_row_is_done_without_opening_it_and_one_stays_on_the_page(sign_in, author, heard):
    row = Notification.objects.get(recipient=author)
    answer = sign_in(author).post(f"{PATH}/{row.public_id}/read?unread=1")
    assert (answer.status_code, answer["Location"]) == (303, f"{PATH}?unread=1")
    row.refresh_from_db()
    assert row.read_at is not None


def test_a_foreign_and_a_forged_row_are_the_same_404(sign_in, owner, reporter, heard):
    foreign = Notification.objects.get(recipient=owner)
    client = sign_in(reporter)
    for key in (foreign.public_id, uuid.uuid4()):
        assert client.post(f"{PATH}/{key}/read").status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_marking_all_as_read_leaves_other_inboxes_alone(sign_in, owner, author, heard):
    page = sign_in(author).post(f"{PATH}/read", follow=True).content.decode()
    assert "1 notification is marked as read." in page
    assert Notification.objects.get(recipient=author).read_at
    assert Notification.objects.get(recipient=owner).read_at is None
    assert "There was nothing unread." in sign_in(author).post(f"{PATH}/read", follow=True).content.decode()


def test_what_one_no_longer_sees_is_neither_listed_nor_counted(sign_in, owner, author, heard):
    Repository.objects.update(visibility="private")
    page = show(sign_in(author))
    for words in ("How do I load this?", "tiny-model", 'class="count'):
        assert words not in page
    assert "How do I load this?" in show(sign_in(owner))


def test_a_tab_that_is_off_is_left_out_but_for_the_owner_and_the_team(sign_in, owner, author, moderator, discussion):
    add_comment(discussion, text="@mira?", actor=author)
    add_comment(discussion, text="Yes.", actor=owner)
    notify()
    TabSettings.objects.create(repository=discussion.repository, on=False, changed_by=owner)
    assert "Nothing here yet" in show(sign_in(author))
    assert "How do I load this?" in show(sign_in(owner))
    assert "How do I load this?" in show(sign_in(moderator))


def test_the_list_goes_page_by_page_with_few_queries(sign_in, owner, author, repository, django_assert_max_num_queries):
    for number in range(31):
        open_discussion(repository, title=f"Question {number}", text="…", actor=author)
    notify()
    client = sign_in(owner)
    with django_assert_max_num_queries(7):  # session, person, permissions (2), what ended, list, count
        first = client.get(PATH)
    assert "Question 30" in first.content.decode()
    assert first.headers["X-Robots-Tag"] == "noindex"
    second = client.get(f"{PATH}?{first.context['page'].next}")
    assert [row.discussion.title for row in second.context["page"].rows] == ["Question 0"]


@pytest.mark.parametrize("path", [PATH, "/settings/notifications"])
def test_guests_are_asked_to_sign_in(db, client, path):
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_a_forged_place_in_the_list_is_refused(sign_in, author, heard):
    assert sign_in(author).get(f"{PATH}?after=x").status_code == 400
