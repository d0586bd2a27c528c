"""Mails that gather what a person has not read: what they hold, and what they never hold (B2, L3)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from accounts.models import User
from community.actions import add_comment, edit_comment, hide, open_discussion, rename, set_status, unhide
from community.digests import Rhythm, choose_rhythm
from community.inbox import mark_discussion_read
from community.mailing import send_due_digests
from community.models import Digest, Notification, TabSettings
from community.notifying import notify
from community.subscribing import choose_level
from repositories.models import Repository
from tests.community.mails import DAY, let_hear, send
from tests.conftest import concurrent


@pytest.fixture
def heard(discussion, author, reporter):
    """A comment of which the opener, quentin, hears; the owner wants no mails."""
    return let_hear(discussion, reporter)


def words_of(sent):
    """Everything one mail says, in both forms, and its headers."""
    return "\n".join([str(sent.message()), sent.body, sent.alternatives[0][0]])


def test_one_mail_gathers_everything(pass_time, heard, discussion, repository, author, reporter):
    add_comment(discussion, text="And what about now?", actor=reporter)
    other = open_discussion(repository, title="Licence?", text="Which one, @quentin?", actor=reporter)
    notify()
    (sent,) = send(pass_time)
    assert sent.subject == "nok/tiny-model: How do I load this?, and 1 more discussion"
    for words in (
        "Have you tried it again?",
        "And what about now?",
        "Licence?",
        "you opened it",
        "somebody mentioned you",
    ):
        assert words in sent.body
        assert words in sent.alternatives[0][0]
    assert f"http://testserver{other.get_absolute_url()}?comment=" in sent.body
    assert send(pass_time) == []


def test_it_speaks_the_language_of_its_reader(pass_time, heard, author):
    User.objects.filter(pk=author.pk).update(language="th")
    (sent,) = send(pass_time)
    assert '<html lang="th">' in sent.alternatives[0][0]
    assert re.search("[ก-๙]", sent.body)  # at least the name of the month


def test_what_was_hidden_in_the_meantime_is_in_no_mail(pass_time, heard, discussion, owner, author, reporter):
    add_comment(discussion, text="> Have you **tried** it again?\n\nHe asks: fine words.", actor=owner)
    notify()
    hide(heard, category="abuse", actor=owner)
    (sent,) = send(pass_time)
    assert "fine words" in sent.body
    assert "tried" not in words_of(sent)
    unhide(heard, actor=owner)
    add_comment(discussion, text="Something else.", actor=reporter)
    notify()
    (sent,) = send(pass_time)
    assert "tried" in sent.body  # shown again, it was in no mail yet


def test_the_author_gets_a_mail_about_hiding_without_the_words(pass_time, discussion, owner, author):
    hide(discussion.comments.get(), category="abuse", actor=owner)
    notify()
    (sent,) = send(pass_time)
    assert "nok hid your comment: " in sent.body
    assert "It does not load" not in words_of(sent)


def test_only_hidden_words_are_no_mail(pass_time, heard, owner):
    hide(heard, category="abuse", actor=owner)
    assert send(pass_time) == []


def test_words_and_title_are_those_of_the_moment_it_goes_out(pass_time, heard, discussion, author, reporter):
    edit_comment(heard, text="Forget what I said.", actor=reporter)
    rename(discussion, "It loads now", actor=author)
    (sent,) = send(pass_time)
    assert sent.subject == "nok/tiny-model: It loads now"
    assert "Forget what I said." in sent.body
    assert "tried" not in words_of(sent)


def private(discussion, author):
    Repository.objects.update(visibility="private")


def deleted(discussion, author):
    Repository.objects.update(deleted_at="2026-01-01T00:00Z")


def tab_off(discussion, author):
    TabSettings.objects.create(repository=discussion.repository, on=False, changed_by=discussion.repository.created_by)


def muted(discussion, author):
    choose_level(discussion.repository, "mute", discussion=discussion, actor=author)


def muted_repository(discussion, author):
    choose_level(discussion.repository, "mute", actor=author)


def read(discussion, author):
    mark_discussion_read(author, discussion)


def never(discussion, author):
    choose_rhythm(Rhythm.NEVER, actor=author)


def no_address(discussion, author):
    User.objects.filter(pk=author.pk).update(email="")


def closed(discussion, author):
    User.objects.filter(pk=author.pk).update(is_active=False)


@pytest.mark.parametrize(
    "happens", [private, deleted, tab_off, muted, muted_repository, read, never, no_address, closed]
)
def test_nothing_goes_out_after(pass_time, heard, discussion, author, happens):
    happens(discussion, author)
    assert send(pass_time) == []
    assert not Digest.objects.filter(done_at=None).exists()


def test_fifty_are_quoted_and_the_others_counted(pass_time, discussion, author, owner):
    choose_rhythm(Rhythm.NEVER, actor=owner)
    for _number in range(26):
        set_status(discussion, "closed", actor=owner)
        set_status(discussion, "open", actor=owner)
    notify()
    (sent,) = send(pass_time)
    assert sent.body.count(" this\n") == 50
    assert "2 more are in your inbox:" in sent.body
    assert send(pass_time) == []
    assert not Notification.objects.filter(recipient=author, mailed_at=None).exists()


def test_a_mail_that_failed_is_sent_again_under_the_same_id(pass_time, heard, monkeypatch, author):
    tried = []

    def fail(self, *args, **kwargs):
        tried.append(self.extra_headers["Message-ID"])
        raise OSError("the mail server is away")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        assert send(pass_time) == []
    assert Notification.objects.get(recipient=author).mailed_at is None
    (sent,) = send(pass_time, timedelta(minutes=1))
    assert tried == [sent.extra_headers["Message-ID"]] == [f"<{Digest.objects.get().public_id}@testserver>"]


def test_a_title_cannot_add_a_header(pass_time, heard, discussion):
    type(discussion).objects.update(title="Hello\r\nBcc: everybody@people.example")
    (sent,) = send(pass_time)
    assert sent.subject == "nok/tiny-model: Hello Bcc: everybody@people.example"
    assert sent.recipients() == ["quentin@people.example"]


def test_words_of_people_are_no_markup_of_the_mail(pass_time, heard, reporter):
    edit_comment(heard, text="<script>alert(1)</script> & `<b>`", actor=reporter)
    (sent,) = send(pass_time)
    assert "<script>" not in sent.alternatives[0][0]
    assert "<script>alert(1)</script> & <b>" in sent.body


def test_what_is_written_after_a_mail_comes_with_the_next(pass_time, heard, discussion, reporter):
    assert len(send(pass_time)) == 1
    add_comment(discussion, text="One more.", actor=reporter)
    notify()
    (sent,) = send(pass_time)
    assert "One more." in sent.body
    assert "tried" not in sent.body


@concurrent
def test_two_workers_at_once_send_one_mail(pass_time, heard, discussion, reporter):
    for number in range(5):
        add_comment(discussion, text=f"Number {number}.", actor=reporter)
    notify()
    pass_time(DAY)
    mail.outbox.clear()

    def work(_number):
        send_due_digests()
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    (sent,) = mail.outbox
    assert sent.body.count("Number") == 5


@concurrent
def test_a_mail_waits_for_what_is_being_told(pass_time, heard, discussion, author, reporter):
    """Else a notification that commits a moment after the mail was put together would be in none."""
    add_comment(discussion, text="One more.", actor=reporter)
    pass_time(DAY)
    mail.outbox.clear()
    with transaction.atomic():
        notify()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_send_in_a_thread).result()
        assert mail.outbox == []
    send_due_digests()
    (sent,) = mail.outbox
    assert "tried" in sent.body
    assert "One more." in sent.body


def _send_in_a_thread():
    send_due_digests()
    connection.close()
