"""The inbox: what we wrote to a person, read by nobody else (G1)."""

import uuid

import pytest

from accounts.actions import draft_letter, send_letters, write_to
from accounts.models import InboxMessage, MailDelivery


@pytest.fixture
def letter(owner, moderator):
    return write_to(
        owner,
        key="one",
        subject="Your repository is back in every list",
        body="We **lifted** the measure.\n\n<script>alert(1)</script>",
        link="/policy",
        link_label="Read the policy",
        actor=moderator,
    )


def test_list_shows_new_messages_and_counts_them(sign_in, owner, letter):
    page = sign_in(owner).get("/inbox").content.decode()
    assert letter.subject in page
    assert "(unread)" in page
    assert '<span class="count new">1' in page


def test_opening_a_message_marks_it_as_read_and_shows_markdown_without_script(sign_in, owner, letter):
    client = sign_in(owner)
    page = client.get(f"/inbox/{letter.public_id}").content.decode()
    assert "<strong>lifted</strong>" in page
    assert "<script>alert" not in page
    assert 'href="/policy">Read the policy' in page
    assert InboxMessage.objects.get().read_at is not None
    assert "(unread)" not in client.get("/inbox").content.decode()


def test_unread_filter_leaves_out_what_was_read(sign_in, owner, letter):
    client = sign_in(owner)
    assert letter.subject in client.get("/inbox?unread=1").content.decode()
    client.get(f"/inbox/{letter.public_id}")
    assert "You have read everything" in client.get("/inbox?unread=1").content.decode()


def test_message_of_somebody_else_is_the_same_404_as_a_forged_id(sign_in, reporter, letter):
    client = sign_in(reporter)
    foreign = client.get(f"/inbox/{letter.public_id}")
    forged = client.get(f"/inbox/{uuid.uuid4()}")
    assert foreign.status_code == forged.status_code == 404
    for page in (foreign, forged):
        assert "There is no such message in your inbox." in page.content.decode()
    assert InboxMessage.objects.get().read_at is None


def test_marking_all_as_read_leaves_other_inboxes_alone(sign_in, owner, reporter, moderator, letter):
    write_to(reporter, key="two", subject="Thank you", body="We looked.", actor=moderator)
    answer = sign_in(owner).post("/inbox/read", follow=True)
    assert "1 message is marked as read." in answer.content.decode()
    assert InboxMessage.objects.get(recipient=owner).read_at
    assert InboxMessage.objects.get(recipient=reporter).read_at is None


def test_marking_all_as_read_needs_post(sign_in, owner):
    assert sign_in(owner).get("/inbox/read").status_code == 405


def test_list_goes_page_by_page(sign_in, owner, moderator):
    for number in range(51):
        write_to(owner, key=str(number), subject=f"Letter {number}", body="…", actor=moderator)
    client = sign_in(owner)
    first = client.get("/inbox")
    assert "Letter 50" in first.content.decode()
    second = client.get(f"/inbox?{first.context['page'].next}")
    assert [row.subject for row in second.context["page"].rows] == ["Letter 0"]


def test_inbox_asks_few_queries_and_no_cache_keeps_it(sign_in, owner, moderator, letter, django_assert_max_num_queries):
    client = sign_in(owner)
    with django_assert_max_num_queries(6):  # session, person, permissions (2), count, list
        answer = client.get("/inbox")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


FORGED = "/inbox/9af0b4f6-590a-4efc-a719-c3ac5c28ed64"


@pytest.mark.parametrize("path", ["/inbox", FORGED, "/settings/profile", "/settings/tokens"])
def test_strangers_are_asked_to_sign_in_and_come_back(db, client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={path}"


def test_letters_are_sent_together_each_once(owner, moderator, make_user, django_assert_num_queries):
    without = make_user("nomail", email="")
    write_to(owner, key="known", subject="We wrote", body="This before.", actor=moderator)
    asked = [(owner, "known"), (without, "a"), (moderator, "b"), (moderator, "b"), (owner, "c"), (owner, "d")]
    letters = [draft_letter(person, key=key, subject="Hello", body="We looked.") for person, key in asked]
    with django_assert_num_queries(1):
        send_letters(letters, actor=moderator)
    assert [letter.pk is not None for letter in letters] == [False, True, True, False, True, True]
    assert list(InboxMessage.objects.order_by("pk").values_list("key", flat=True)) == ["known", "a", "b", "c", "d"]
    assert set(MailDelivery.objects.values_list("message__key", flat=True)) == {"known", "b", "c", "d"}
