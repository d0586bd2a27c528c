"""Many people at once: numbers without gaps, and one thing for one request (B1)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection

from community.actions import add_comment, open_discussion
from community.models import Comment, Discussion
from tests.conftest import concurrent

THREADS = 8


def at_once(do):
    def closing(number):
        try:
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(closing, range(THREADS)))


@concurrent
def test_numbers_have_no_gaps(repository, author):
    def open_three(number):
        for _time in range(3):
            open_discussion(repository, title=f"From {number}", text="Text.", actor=author)

    at_once(open_three)
    numbers = Discussion.objects.filter(repository=repository).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 3 * THREADS + 1))
    repository.refresh_from_db()
    assert repository.last_discussion == 3 * THREADS


@concurrent
def test_one_request_sent_many_times_at_once(repository, discussion, author):
    request_id = uuid4()
    opened = at_once(
        lambda _: open_discussion(repository, title="Once", text="Text.", actor=author, request_id=request_id).pk
    )
    commented = at_once(lambda _: add_comment(discussion, text="Once", actor=author, request_id=request_id).pk)
    assert (len(set(opened)), len(set(commented))) == (1, 1)
    assert (Discussion.objects.count(), Comment.objects.filter(text="Once").count()) == (2, 1)


def test_other_words_under_a_request_id_that_was_used_are_not_lost(repository, discussion, author):
    """The way back in the browser shows the form as it was sent, with its id."""
    request_id = uuid4()
    for text in ("First words.", "Other words."):
        open_discussion(repository, title="Twice", text=text, actor=author, request_id=request_id)
        add_comment(discussion, text=text, actor=author, request_id=request_id)
    assert Discussion.objects.filter(title="Twice").count() == 2
    assert discussion.comments.filter(text__in=["First words.", "Other words."]).count() == 2
