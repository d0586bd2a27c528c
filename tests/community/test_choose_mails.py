"""How often mails come: chosen in the settings, and ended by the link in every mail."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from community.actions import add_comment
from community.digests import Rhythm, choose_rhythm, rhythm_of
from community.mailing import send_due_digests
from community.models import Digest
from community.notifying import notify
from tests.community.mails import let_hear, send


@pytest.fixture
def heard(discussion, author, reporter):
    """A comment of which the opener, quentin, hears; the owner wants no mails."""
    return let_hear(discussion, reporter)


def link_in(sent):
    return re.fullmatch(r"<http://testserver(/mail/stop/[\w.-]+)>", sent.extra_headers["List-Unsubscribe"])[1]


def test_the_link_in_a_mail_shows_first_and_ends_the_mails_on_post(pass_time, heard, author, client):
    (sent,) = send(pass_time)
    page = client.get(link_in(sent))
    assert "Send no more mails about discussions" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert rhythm_of(author) == Rhythm.DAILY
    page = client.post(link_in(sent))
    assert (page.status_code, rhythm_of(author)) == (200, Rhythm.NEVER)
    assert "gets no more mails" in page.content.decode()


def test_programs_end_the_mails_with_one_click(pass_time, heard, author):
    (sent,) = send(pass_time)
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    answer = program.post(link_in(sent), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, rhythm_of(author)) == (200, Rhythm.NEVER)


def test_a_link_is_of_one_person_and_one_address(pass_time, heard, author, reporter, client):
    (sent,) = send(pass_time)
    token = link_in(sent).rpartition("/")[2]
    forged = token.replace(author.public_id.hex, reporter.public_id.hex)
    for one in (forged, token[:-1], "x", "x.y", author.public_id.hex):
        assert client.post(f"/mail/stop/{one}").status_code == 404
    User.objects.filter(pk=author.pk).update(email="other@people.example")
    assert client.post(link_in(sent)).status_code == 404
    assert rhythm_of(author) == Rhythm.DAILY


def test_the_choice_is_made_in_the_settings(sign_in, author, heard):
    client = sign_in(author)
    page = client.post("/settings/notifications", {"rhythm": "weekly"}, follow=True).content.decode()
    assert "You get mails about discussions once a week at most." in page
    assert rhythm_of(author) == Rhythm.WEEKLY
    assert Digest.objects.get(recipient=author).due_at.weekday() == 0
    assert client.post("/settings/notifications", {"rhythm": "hourly"}).status_code == 422
    assert rhythm_of(author) == Rhythm.WEEKLY


def test_what_waits_goes_out_at_once_for_whoever_wants_mails_soon(heard, author):
    choose_rhythm(Rhythm.SOON, actor=author)
    mail.outbox.clear()
    send_due_digests()
    assert len(mail.outbox) == 1


def test_after_never_mails_begin_with_what_is_new(pass_time, heard, discussion, author, reporter):
    choose_rhythm(Rhythm.NEVER, actor=author)
    choose_rhythm(Rhythm.DAILY, actor=author)
    assert send(pass_time) == []
    add_comment(discussion, text="Something new.", actor=reporter)
    notify()
    (sent,) = send(pass_time)
    assert "Something new." in sent.body
    assert "tried" not in sent.body
