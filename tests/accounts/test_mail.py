"""The mail of a letter: framed, sent over one connection a batch, recorded, tried again and given up (G1, L3)."""

import smtplib
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts import mail as sending
from accounts.actions import draft_letter, guest_for, send_letters, write_to
from accounts.mail import BATCH, LEASE, MOST_REFUSALS, send_due_mail
from accounts.models import MailDelivery
from foundation.work import claim

DAY = timedelta(days=1)


class Server(EmailBackend):
    """A mail server of the tests: counts connections, and does what a test asks it to."""

    opened = 0
    down = False
    refused: tuple[str, ...] = ()
    error: Exception = smtplib.SMTPRecipientsRefused({"owner@example.org": (451, b"later")})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.is_open = False

    def open(self) -> bool:
        if type(self).down:
            raise ConnectionRefusedError(111, "Connection refused")
        type(self).opened += not self.is_open
        self.is_open = True
        return True

    def close(self) -> None:
        self.is_open = False

    def send_messages(self, messages):
        assert self.is_open
        if set(messages[0].to) & set(type(self).refused):
            raise type(self).error
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    for name in ("opened", "down", "refused", "error"):
        monkeypatch.setattr(Server, name, getattr(Server, name))
    return Server


def write(person, key="one", **more):
    said = {"subject": "We looked", "body": "It **stays**.\n\n<script>alert(1)</script>"} | more
    return write_to(person, key=key, **said, actor=person)


def row() -> MailDelivery:
    return MailDelivery.objects.get()


def html(sent) -> str:
    return str(sent.alternatives[0][0])


def test_frame_says_who_writes_why_and_where_it_lies(owner, mailoutbox):
    letter = write(owner, link="/policy", link_label="The policy")
    send_due_mail()
    [sent] = mailoutbox
    inbox = f"http://testserver/inbox/{letter.public_id}"
    for text in (sent.body, html(sent)):
        assert "Ombud" in text
        assert "http://testserver/policy" in text
        assert "You get this letter because it concerns you on testserver." in text
        assert inbox in text
    assert "The policy: http://testserver/policy" in sent.body
    assert "<strong>stays</strong>" in html(sent)
    assert "<script>" not in html(sent)
    assert '<html lang="en">' in html(sent)


def test_frame_of_a_guest_names_no_inbox(db, mailoutbox):
    write(guest_for("guest@letters.example", confirmed=True))
    send_due_mail()
    [sent] = mailoutbox
    for text in (sent.body, html(sent)):
        assert "You need no account for it." in text
        assert "/inbox" not in text


def test_a_mail_parses_and_says_it_is_automatic(owner, mailoutbox):
    letter = write(owner)
    send_due_mail()
    parsed: Any = message_from_bytes(mailoutbox[0].message().as_bytes())
    assert parsed["Message-ID"] == f"<{letter.public_id}@testserver>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in parsed.get_payload()] == ["text/plain", "text/html"]


def test_frame_speaks_the_language_of_the_person(make_user, mailoutbox):
    write(make_user("somchai", language="th"))
    write(make_user("other", language="xx"))
    send_due_mail()
    assert ['<html lang="th">' in html(one) for one in mailoutbox] == [True, False]
    assert '<html lang="en">' in html(mailoutbox[1])


def test_a_batch_goes_over_one_connection(owner, server, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 4)
    send_letters(
        [draft_letter(owner, key=str(number), subject="Hello", body="We looked.") for number in range(7)], actor=owner
    )
    assert send_due_mail() == 7
    assert (server.opened, len(mail.outbox)) == (2, 7)
    assert {one.state for one in MailDelivery.objects.all()} == {MailDelivery.State.SENT}


def test_each_mail_is_a_record_of_its_own_with_one_statement(owner, server, django_assert_num_queries):
    write(owner)
    write(owner, key="two")
    # claim (savepoint, choice, lease, release, rows), each mail in a savepoint with one statement, nothing left
    with django_assert_num_queries(5 + 2 * 3 + 3):
        assert send_due_mail() == 2


def test_what_is_refused_comes_again_with_the_same_id_and_holds_nobody_up(owner, reporter, server, pass_time):
    letter = write(owner)
    write(reporter)
    server.refused = (owner.email,)
    assert send_due_mail() == 1
    refused = MailDelivery.objects.get(message=letter)
    assert (refused.state, refused.refusals, refused.done_at) == (MailDelivery.State.FAILED, 1, None)
    assert "451" in refused.first_error
    server.refused = ()
    assert send_due_mail() == 0
    pass_time(timedelta(seconds=61))
    assert send_due_mail() == 1
    refused.refresh_from_db()
    assert (refused.state, refused.attempts) == (MailDelivery.State.SENT, 2)
    assert refused.done_at
    assert "451" in refused.last_error
    assert mail.outbox[-1].extra_headers["Message-ID"] == f"<{letter.public_id}@testserver>"


def test_pauses_grow_and_end(owner, server, pass_time):
    write(owner)
    server.refused = (owner.email,)
    pauses = []
    for number in range(MOST_REFUSALS):
        if number == 1:
            server.error = smtplib.SMTPDataError(554, b"no")
        assert row().state != MailDelivery.State.UNDELIVERABLE
        now = pass_time(DAY * 2)
        send_due_mail()
        pauses.append(round((row().due_at - now) / timedelta(minutes=1)))
    assert pauses[:-1] == [2**number for number in range(MOST_REFUSALS - 1)]
    ended = row()
    assert (ended.state, ended.given_up, ended.attempts) == (MailDelivery.State.UNDELIVERABLE, True, MOST_REFUSALS)
    assert "451" in ended.first_error
    assert "554" in ended.last_error
    server.refused = ()
    pass_time(DAY * 30)
    assert send_due_mail() == 0
    assert mail.outbox == []


def test_a_server_that_is_down_is_no_fault_of_the_mail(owner, reporter, server, pass_time):
    write(owner)
    write(reporter)
    server.down = True
    for _day in range(MOST_REFUSALS + 1):
        assert send_due_mail() == 0
        pass_time(DAY)
    assert {(one.state, one.refusals) for one in MailDelivery.objects.all()} == {(MailDelivery.State.FAILED, 0)}
    assert "Connection refused" in MailDelivery.objects.first().first_error
    server.down = False
    assert send_due_mail() == 2


def test_whoever_has_no_address_any_more_is_undeliverable_at_once(owner, server):
    write(owner)
    owner.email = ""
    owner.save()
    assert send_due_mail() == 0
    assert (row().state, mail.outbox) == (MailDelivery.State.UNDELIVERABLE, [])
    assert "no address" in row().first_error


def test_nothing_is_lost_when_the_worker_dies_in_the_middle(owner, server, monkeypatch, pass_time):
    for number in range(3):
        write(owner, key=str(number))
    deliver = sending._deliver
    left = iter([True, False])

    def die(row, postman):
        if not next(left):
            raise KeyboardInterrupt
        return deliver(row, postman)

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_deliver", die)
        with pytest.raises(KeyboardInterrupt):
            send_due_mail()
    assert len(mail.outbox) == 1
    assert send_due_mail() == 0  # the lease of the dead one
    pass_time(LEASE + timedelta(seconds=1))
    assert send_due_mail() == 2
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == len(mail.outbox) == 3


def test_who_lost_the_lease_sends_nothing(owner, server, pass_time):
    write(owner)
    [lost] = claim(MailDelivery.objects.select_related("message__recipient"), limit=BATCH, lease=LEASE)
    pass_time(LEASE + timedelta(seconds=1))
    assert send_due_mail() == 1
    assert sending._deliver(lost, sending.Postman()) is False
    assert len(mail.outbox) == 1


def test_states_are_the_same_in_sql(owner, server, pass_time, make_user):
    server.refused = (owner.email,)
    write(owner)
    gone = make_user("gone", email="gone@example.org")
    write(gone)
    gone.email = ""
    gone.save()
    write(make_user("fine", email="fine@example.org"))
    send_due_mail()
    write(make_user("later", email="later@example.org"))
    every = list(MailDelivery.objects.all())
    assert {one.state for one in every} == set(MailDelivery.State)
    for state, condition in MailDelivery.IN.items():
        assert set(MailDelivery.objects.filter(condition)) == {one for one in every if one.state == state}
