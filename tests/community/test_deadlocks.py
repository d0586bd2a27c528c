"""Who comments for the first time and who holds the repository never wait for each other."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from community import entries
from community.actions import add_comment, posts, set_pinned
from community.entries import note
from community.models import Comment, DiscussionEvent
from community.projections import lock
from community.pull_requests import merge_pull_request
from community.subscribing import choose_level
from foundation.errors import Refused
from repositories.actions import lift, restrict
from tests.conftest import concurrent


@pytest.fixture
def during(monkeypatch):
    """during(comment, act): `act` begins once `comment` wrote, and `comment` ends while `act` waits or has ended."""

    def run(comment, act):
        written, errors, write = threading.Event(), [], entries.write_comment

        def slow(*args, **fields):
            made = write(*args, **fields)
            written.set()
            acting.join(0.5)
            return made

        def doing(work, first=None):
            try:
                if first:
                    first.wait(10)
                work()
            except (DatabaseError, Refused) as error:
                errors.append(error)
            finally:
                connection.close()

        monkeypatch.setattr(posts, "write_comment", slow)
        acting = threading.Thread(target=doing, args=(act, written))
        commenting = threading.Thread(target=doing, args=(comment,))
        for thread in (acting, commenting):
            thread.start()
        for thread in (acting, commenting):
            thread.join(20)
        assert errors == []

    return run


@concurrent
def test_first_comment_and_a_pin(during, discussion, owner, reporter):
    during(
        lambda: add_comment(discussion, text="First.", actor=reporter),
        lambda: set_pinned(discussion, True, actor=owner),
    )
    assert [one.kind for one in discussion.events.all()] == ["pinned"]
    assert Comment.objects.filter(text="First.").count() == 1


@concurrent
def test_first_comment_and_a_merge(during, propose, owner, reporter):
    opened = propose({"a.txt": b"a"})
    during(
        lambda: add_comment(opened, text="First.", actor=reporter),
        lambda: merge_pull_request(opened, actor=owner),
    )
    opened.refresh_from_db()
    assert (opened.status, opened.comment_count) == ("merged", 2)


@concurrent
def test_first_comment_and_a_measure_that_is_lifted(during, repository, discussion, moderator, reporter):
    restriction = restrict(repository, kind="downgraded", reason="Spam.", actor=moderator)

    def lift_and_say_so():
        with transaction.atomic():
            lift(restriction, actor=moderator)
            note(discussion, DiscussionEvent.Kind.MEASURE_LIFTED, actor=moderator, data={"measure": "downgrade"})

    during(lambda: add_comment(discussion, text="First.", actor=reporter), lift_and_say_so)
    restriction.refresh_from_db()
    assert (restriction.lifted_at is None, discussion.events.count()) == (False, 1)


@concurrent
def test_first_comment_and_the_same_persons_choice_to_watch(during, repository, discussion, reporter):
    """Both make the same row, and it points to the discussion that the comment holds."""
    chosen = threading.Event()

    def choose():
        with transaction.atomic():
            choose_level(repository, "watch", discussion=discussion, actor=reporter)
            chosen.set()
        connection.close()

    def comment():
        with transaction.atomic():
            lock(discussion)
            choosing = threading.Thread(target=choose)
            choosing.start()
            assert chosen.wait(10)
            add_comment(discussion, text="First.", actor=reporter)
        choosing.join(10)

    during(comment, lambda: None)
    assert reporter.subscriptions.filter(discussion=discussion).get().reason == "chosen"
