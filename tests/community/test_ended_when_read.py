"""What measures hid, closed or locked until a moment is over when it is read after it; no worker runs here (E5, F5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion
from community.actions.holding import end_holds, hide_by_decision, hold, lift_decided
from community.actions.limits import lift_limit, limit
from community.ending import settle_each
from community.inbox import notifications_of, with_contents
from community.models import Comment, Discussion, DiscussionEvent, Notification, Reason
from community.queries import find_comment
from foundation import clock
from foundation.errors import Refused

PAGE, API = "/nok/tiny-model/discussions", "/api/v1"
HUB = "/api/models/nok/tiny-model/discussions"
DAY = timedelta(days=1)


@pytest.fixture
def us():
    return system_actor()


@pytest.fixture
def hidden(comment, us):
    """A comment that a measure hides for a day, and what quotes it."""
    add_comment(comment.discussion, text=f"> {comment.text}\n\nNo.", actor=comment.discussion.repository.created_by)
    hide_by_decision(comment, actor=us, ends_at=clock.now() + DAY)
    return comment


WAYS = {
    "page": lambda comment: f"{PAGE}/1",
    "search": lambda comment: f"{PAGE}?q=should+shut+up",
    "quote": lambda comment: f"{PAGE}/1/comments/{comment.public_id}/quote",
    "api": lambda comment: f"{API}/comments/{comment.public_id}",
    "api timeline": lambda comment: f"{API}/discussions/{comment.discussion.public_id}/timeline",
    "hub": lambda comment: f"{HUB}/1",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_hidden_comment_is_there_again_on_every_way_in(client, hidden, way, pass_time):
    address = WAYS[way](hidden)
    before = client.get(address)
    assert before.status_code in (200, 404)
    assert "idiots" not in before.content.decode()
    pass_time(DAY)
    assert "idiots" in client.get(address).content.decode()


def quoted(person: User) -> str:
    """What the only notification in the inbox of `person` quotes."""
    return str(vars(with_contents(notifications_of(person)).get())["words"])


def test_a_notification_quotes_it_again(hidden, reporter, pass_time):
    Notification.objects.create(
        recipient=reporter, discussion=hidden.discussion, comment=hidden, reason=Reason.REPOSITORY
    )
    assert "idiots" not in quoted(reporter)
    pass_time(DAY)
    assert "idiots" in quoted(reporter)


def test_what_quotes_it_is_whole_again(client, hidden, pass_time):
    assert "> […]" in hidden.discussion.comments.last().text
    pass_time(DAY)
    client.get(f"{PAGE}/1")
    assert "idiots" in hidden.discussion.comments.last().text


@pytest.mark.parametrize("address", [PAGE, f"{API}/repositories/{{id}}/discussions", HUB], ids=["page", "api", "hub"])
def test_lists_know_that_it_is_open_again(client, discussion, us, address, pass_time):
    limit(discussion, "closed", actor=us, ends_at=clock.now() + DAY)
    place = address.format(id=discussion.repository.public_id)
    read = {"status": "open"}
    assert discussion.title not in client.get(place, read).content.decode()
    pass_time(DAY)
    assert discussion.title in client.get(place, read).content.decode()


@pytest.mark.parametrize("kind", ["closed", "locked"])
def test_one_writes_in_it_again(discussion, reporter, us, kind, pass_time):
    limit(discussion, kind, actor=us, ends_at=clock.now() + DAY)
    with pytest.raises(Refused):
        add_comment(Discussion.objects.get(pk=discussion.pk), text="Hello.", actor=reporter)
    pass_time(DAY)
    add_comment(Discussion.objects.get(pk=discussion.pk), text="Hello.", actor=reporter)
    # It stands in the timeline where it ended, before what was written after it.
    last = DiscussionEvent.objects.filter(discussion=discussion).order_by("position").last()
    assert last is not None
    assert last.position < discussion.comments.order_by("position").last().position
    assert last.kind == {"closed": "reopened", "locked": "unlocked"}[kind]


def test_it_is_dated_when_it_ended_whoever_reads_it_when(client, discussion, us, pass_time):
    ends_at = clock.now() + DAY
    limit(discussion, "locked", actor=us, ends_at=ends_at)
    pass_time(10 * DAY)
    client.get(f"{PAGE}/1")
    unlocked = DiscussionEvent.objects.get(discussion=discussion, kind="unlocked")
    assert (unlocked.created_at, discussion.limits.get().lifted_at) == (ends_at, ends_at)


def test_reading_twice_and_sweeping_after_it_change_nothing_more(client, hidden, pass_time):
    pass_time(DAY)
    for _ in range(2):
        client.get(f"{PAGE}/1")
    events = DiscussionEvent.objects.filter(discussion=hidden.discussion, kind="unhidden")
    assert (events.count(), end_holds()) == (1, 0)
    assert Discussion.objects.get(pk=hidden.discussion_id).unsettled_at is None


def test_where_nothing_is_timed_nothing_is_asked(client, comment, django_assert_num_queries):
    client.get(f"{PAGE}/1")
    with CaptureQueriesContext(connection) as plain:
        client.get(f"{PAGE}/1")
    Discussion.objects.update(unsettled_at=clock.now() + DAY)
    with django_assert_num_queries(len(plain) + 1):
        client.get(f"{PAGE}/1")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hide"), st.sampled_from([None, 1, 5, 30])),
        st.tuples(st.just("hold"), st.sampled_from([None, 2, 20])),
        st.tuples(st.just("closed"), st.sampled_from([None, 3, 40])),
        st.tuples(st.just("locked"), st.sampled_from([None, 4, 25])),
        st.tuples(st.just("lift"), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.integers(1, 30)),
        st.tuples(st.just("read"), st.just(0)),
    ),
    max_size=9,
)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_after_any_steps_what_is_read_is_what_has_not_ended(repository, author, us, set_clock, steps):
    """The clock stands where the steps put it; hours count from the beginning."""
    now = clock.now()
    set_clock(now)
    place = open_discussion(repository, title="Another", text="Words.", actor=author)
    comment, held = place.comments.get(), None
    made: list[tuple[str, Any, Any]] = []
    for verb, value in steps:
        end = None if value is None else now + timedelta(hours=value)
        if verb == "hide":
            made.append(("hidden", end, hide_by_decision(Comment.objects.get(pk=comment.pk), actor=us, ends_at=end)))
        elif verb == "hold":
            hold(Comment.objects.get(pk=comment.pk), actor=us, ends_at=end)
            held = ("hidden", end)
        elif verb in ("closed", "locked"):
            made.append((verb, end, limit(Discussion.objects.get(pk=place.pk), verb, actor=us, ends_at=end)))
        elif verb == "lift" and value < len(made):
            kind, _end, row = made.pop(value)
            (lift_decided if kind == "hidden" else lift_limit)(row, actor=us)
        elif verb == "wait":
            now += timedelta(hours=value)
            set_clock(now)
        elif verb == "read":
            settle_each(Discussion.objects.filter(unsettled_at__lte=now).values_list("pk", flat=True))
        standing = [(kind, end) for kind, end, _row in made] + ([held] if held else [])
        holds = {kind for kind, end in standing if end is None or end > now}
        # As whoever finds it reads it.
        read = find_comment(comment.public_id, author)
        found = {"hidden": read.hidden, "closed": read.discussion.status == "closed", "locked": read.discussion.locked}
        assert {name for name, yes in found.items() if yes} == holds
        assert read.text == ("" if read.hidden else "Words.")
