"""What counts as a post, and that requests at the same time are counted one after the other (F5)."""

import threading

import pytest
from django.db import connection

from accounts.models import PostingRestriction
from community import rate
from community.actions import add_comment, edit_comment, hide, open_discussion, unhide
from community.models import Comment, Mention
from foundation.errors import Forbidden, Refused
from foundation.models import Change
from tests.conftest import concurrent

THREADS = 10


@pytest.fixture
def newcomer(make_user):
    return make_user("newt", days_old=1)


@concurrent
def test_requests_at_the_same_time_are_counted(repository, author, newcomer, settings):
    places = [open_discussion(repository, title=f"{number}", text="Text.", actor=author) for number in range(THREADS)]
    settings.NEW_ACCOUNT_POSTS_PER_HOUR = 3
    start, outcomes = threading.Barrier(THREADS), []

    def post(place):
        try:
            start.wait()
            add_comment(place, text="Buy this.", actor=newcomer)
            outcomes.append("posted")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["posted"] * 3 + ["rate_limited"] * 7
    assert Comment.objects.filter(author=newcomer).count() == 3
    assert Change.objects.filter(kind="throttle.reached", object_id=newcomer.pk).count() == 1


def test_counting_costs_one_lock_and_one_query(author, django_assert_num_queries):
    with django_assert_num_queries(1):
        rate.hold(author)
    with django_assert_num_queries(2):  # and what time it is
        rate.rate_of(author)


def test_edits_count(discussion, newcomer, settings):
    settings.NEW_ACCOUNT_POSTS_PER_HOUR = 3
    comment = add_comment(discussion, text="0", actor=newcomer)
    for text in ("1", "2"):
        edit_comment(comment, text=text, actor=newcomer)
    with pytest.raises(Refused) as refused:
        edit_comment(comment, text="3", actor=newcomer)
    assert refused.value.code == "rate_limited"


def test_withdrawing_and_showing_again_counts(discussion, newcomer, settings):
    settings.NEW_ACCOUNT_POSTS_PER_HOUR = 4
    comment = add_comment(discussion, text="Look.", actor=newcomer)
    hide(comment, category="", actor=newcomer)
    unhide(comment, actor=newcomer)
    hide(comment, category="", actor=newcomer)
    with pytest.raises(Refused) as refused:
        unhide(comment, actor=newcomer)
    assert refused.value.code == "rate_limited"


def test_owners_who_hide_what_others_wrote_keep_order(discussion, comment, owner, settings):
    settings.POSTS_PER_WINDOW = 2
    for _time in range(2):
        hide(comment, category="spam", actor=owner)
        unhide(comment, actor=owner)
    assert rate.rate_of(owner).refused is None


def test_one_comment_calls_ten_people_in_all_its_versions(discussion, author, make_user):
    people = [make_user(f"person-{number}") for number in range(14)]
    comment = add_comment(discussion, text=" ".join(f"@{one.username}" for one in people[:7]), actor=author)
    edit_comment(comment, text=" ".join(f"@{one.username}" for one in people[4:]), actor=author)
    edit_comment(comment, text=f"@{people[13].username}", actor=author)
    called = Mention.objects.filter(comment=comment).values_list("user__username", flat=True)
    assert sorted(called) == sorted(one.username for one in people[:10])


def test_an_owner_who_is_banned_does_not_show_own_words_again(repository, discussion, owner, moderator):
    comment = add_comment(discussion, text="Mine.", actor=owner)
    hide(comment, category="outdated", actor=owner)
    PostingRestriction.objects.create(user=owner, kind="posting_ban", reason="Insults.")
    with pytest.raises(Forbidden) as refused:
        unhide(comment, actor=owner)
    assert refused.value.code == "posting_restricted"
    unhide(comment, actor=moderator)
    comment.refresh_from_db()
    assert not comment.hidden


def test_a_page_says_in_how_many_seconds_the_next_post_is_taken(sign_in, settings, comment, reporter):
    settings.POSTS_PER_WINDOW = 1
    path = f"/nok/tiny-model/discussions/1/comments/{comment.public_id}/react"
    client = sign_in(reporter)
    taken, refused = (client.post(path, {"react": kind}) for kind in ("heart", "eyes"))
    assert (taken.status_code, "Retry-After" in taken) == (303, False)
    assert (refused.status_code, 0 < int(refused["Retry-After"]) <= 600) == (429, True)
