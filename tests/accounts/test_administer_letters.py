"""Letters in the administration: how and when each reached its recipient, on each channel."""

import pytest
from django.db.models.functions import Now

from accounts.actions import guest_for, mark_read, write_to
from accounts.models import InboxMessage, MailDelivery

LETTERS = "/admin/accounts/inboxmessage/"
MAILS = "/admin/accounts/maildelivery/"


@pytest.fixture
def letters(owner, reporter, author, make_user, moderator):
    """One of each: read and sent, failed, given up, and without an address; by subject."""
    without = make_user("nomail", email="")
    people = {"Sent": owner, "Failed": reporter, "Ended": author, "Nowhere": without}
    made = {
        subject: write_to(person, key=subject, subject=subject, body="We looked.", actor=moderator)
        for subject, person in people.items()
    }
    mark_read(made["Sent"], actor=owner, through=InboxMessage.Through.API)
    mails = MailDelivery.objects
    mails.filter(message=made["Sent"]).update(done_at=Now())
    mails.filter(message=made["Failed"]).update(first_error="451 come later", last_error="452 full")
    mails.filter(message=made["Ended"]).update(first_error="550 who?", given_up=True, done_at=Now())
    return made


def test_list_says_what_became_of_each(sign_in, admin, letters, django_assert_max_num_queries):
    client = sign_in(admin)
    with django_assert_max_num_queries(10):
        page = client.get(LETTERS)
    text = page.content.decode()
    for words in ("sent", "failed, will be sent again", "undeliverable", "no address", "API"):
        assert words in text
    assert [row.subject for row in page.context["cl"].result_list] == ["Nowhere", "Ended", "Failed", "Sent"]


@pytest.mark.parametrize("address", [LETTERS, MAILS])
@pytest.mark.parametrize(("state", "subject"), [("sent", "Sent"), ("failed", "Failed"), ("undeliverable", "Ended")])
def test_by_what_became_of_the_mail(sign_in, admin, letters, address, state, subject):
    rows = sign_in(admin).get(f"{address}?mail={state}").context["cl"].result_list
    assert [getattr(row, "message", row).subject for row in rows] == [subject]
    assert not sign_in(admin).get(f"{address}?mail=waiting").context["cl"].result_list


@pytest.mark.parametrize(("address", "asked"), [(LETTERS, "quentin"), (MAILS, "550 who"), (MAILS, "quentin")])
def test_search(sign_in, admin, letters, address, asked):
    rows = sign_in(admin).get(address, {"q": asked}).context["cl"].result_list
    assert [getattr(row, "message", row).subject for row in rows] == ["Ended"]


def test_what_they_say_and_that_guests_get_some_is_shown_nowhere(sign_in, admin, letters):
    """It would say who reported, and whom a sanction concerns (C1, F1)."""
    guest = guest_for("guest@letters.example", "Wanda Guest", "en", confirmed=True)
    letter = write_to(guest, key="g", subject="Your report", body="We looked.", actor=admin)
    client = sign_in(admin)
    pages = [
        LETTERS,
        MAILS,
        f"{LETTERS}{letter.pk}/change/",
        f"{MAILS}{letter.mail.pk}/change/",
        "/admin/accounts/user/",
    ]
    text = "".join(client.get(page).content.decode() for page in pages)
    assert "a guest" in text
    for secret in ("Your report", "We looked.", "Wanda Guest", "guest@letters.example", guest.username, "Ended"):
        assert secret not in text
    assert not client.get(LETTERS, {"q": "guest@letters"}).context["cl"].result_list
    assert client.get(f"/admin/accounts/user/{guest.pk}/change/").status_code == 302


def test_one_letter_shows_its_mail_and_changes_nothing(sign_in, admin, letters):
    address = f"{LETTERS}{letters['Failed'].pk}/change/"
    client = sign_in(admin)
    page = client.get(address).content.decode()
    assert "451 come later" in page
    assert "452 full" in page
    assert client.post(address, {"subject": "Other"}).status_code == 403
    assert client.get(f"{LETTERS}{letters['Nowhere'].pk}/change/").status_code == 200
