"""One request is one thing, wherever and as what it is sent again (B1)."""

import threading
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from community.actions import add_comment, open_discussion, posts
from community.models import Comment, Discussion
from community.pull_requests import open_pull_request
from foundation.errors import Refused
from tests.community.conftest import changes_of
from tests.conftest import concurrent


@pytest.fixture
def side_by_side(monkeypatch):
    """side_by_side(works, "write_comment"): each in a thread; all looked for what was sent before when one writes."""

    def run(works, step):
        ready, do, results = threading.Barrier(len(works)), getattr(posts, step), []

        def waiting(*args, **fields):
            with suppress(threading.BrokenBarrierError):  # the others wait for a lock of ours, or come a second time
                ready.wait(1)
            return do(*args, **fields)

        def working(work):
            try:
                results.append(work())
            except (DatabaseError, Refused) as error:
                results.append(error)
            finally:
                connection.close()

        monkeypatch.setattr(posts, step, waiting)
        threads = [threading.Thread(target=working, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run


@concurrent
def test_one_key_in_two_discussions_at_the_same_time(side_by_side, repository, make_user, author, owner):
    places = [open_discussion(repository, title=f"{number}", text="Text.", actor=author) for number in range(2)]
    key = uuid4()
    works = [lambda place=place: add_comment(place, text="Same.", actor=author, request_id=key) for place in places]
    results = side_by_side(works, "write_comment")
    assert {one.discussion_id for one in results} == {one.pk for one in places}
    assert Comment.objects.filter(text="Same.").count() == 2


@concurrent
def test_one_key_of_two_people(side_by_side, repository, author, owner):
    places = [open_discussion(repository, title=f"{number}", text="Text.", actor=author) for number in range(2)]
    key = uuid4()
    works = [
        lambda place=place, who=who: add_comment(place, text="Same.", actor=who, request_id=key)
        for place, who in zip(places, (author, owner), strict=True)
    ]
    results = side_by_side(works, "write_comment")
    assert sorted(getattr(one, "code", "posted") for one in results) == ["posted", "sent_before"]


@concurrent
def test_one_key_in_two_repositories_at_the_same_time(side_by_side, make_repository, author):
    places, key = [make_repository(name) for name in ("one", "two")], uuid4()
    works = [
        lambda place=place: open_discussion(place, title="Same", text="Same.", actor=author, request_id=key)
        for place in places
    ]
    results = side_by_side(works, "write_discussion")
    assert {one.repository_id for one in results} == {one.pk for one in places}
    assert Discussion.objects.count() == 2


@pytest.fixture
def suggest(repository, author):
    """suggest(key): the same pull request each time."""
    changes = changes_of(repository, {"a.txt": b"a"})

    def sent(key):
        return open_pull_request(repository, changes, title="Same", text="Same.", actor=author, request_id=key)

    return sent


def test_a_pull_request_sent_again_at_the_limit_is_the_same(suggest, settings):
    key = uuid4()
    first = suggest(key)
    settings.POSTS_PER_WINDOW = 1
    assert suggest(key) == first
    assert Discussion.objects.count() == 1


def test_a_discussion_with_the_same_key_and_words_stays_one(suggest, repository, author):
    key = uuid4()
    talk = open_discussion(repository, title="Same", text="Same.", actor=author, request_id=key)
    proposed = suggest(key)
    talk.refresh_from_db()
    assert (talk.is_pull_request, proposed.is_pull_request, proposed.number) == (False, True, talk.number + 1)


def test_a_pull_request_with_the_same_key_and_words_is_no_answer_to_a_discussion(suggest, repository, author):
    key = uuid4()
    proposed = suggest(key)
    talk = open_discussion(repository, title="Same", text="Same.", actor=author, request_id=key)
    assert (talk.is_pull_request, talk.pk == proposed.pk) == (False, False)
