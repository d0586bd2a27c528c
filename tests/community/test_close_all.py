"""Closing all open discussions at once (B2)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection

from accounts.actions import join_organization, posting
from accounts.queries import system_actor
from community.actions import add_comment, close_all, open_discussion
from community.models import Comment, Discussion, DiscussionEvent
from foundation import clock
from foundation.errors import Forbidden, Refused
from foundation.models import Change
from tests.community.listing import LIST, titles
from tests.conftest import concurrent
from tests.repositories.reading import text_of

PAGE = f"{LIST}/settings"


@pytest.fixture
def several(repository, author):
    """Two that people opened, one of them a draft, one closed, and one each by a report and the team."""
    for title in ("open", "draft", "closed"):
        row = open_discussion(repository, title=title, text="Text.", actor=author)
        Discussion.objects.filter(pk=row.pk).update(status=title)
    for origin in ("report", "team"):
        open_discussion(repository, title=origin, text="Text.", actor=system_actor(), origin=origin)


def statuses():
    return dict(Discussion.objects.values_list("title", "status"))


def test_says_how_many_asks_and_closes(sign_in, client, owner, several):
    signed_in = sign_in(owner)
    assert "This closes 2 discussions" in text_of(signed_in.get(PAGE))
    unsure = signed_in.post(f"{PAGE}/close-all")
    assert (unsure.status_code, "This field is required" in text_of(unsure)) == (422, True)
    assert statuses()["open"] == "open"
    response = signed_in.post(f"{PAGE}/close-all", {"sure": "on"}, follow=True)
    assert "You closed 2 discussions." in text_of(response)
    assert "No discussion that a person opened is open now." in text_of(response)
    assert statuses() == {"open": "closed", "draft": "closed", "closed": "closed", "report": "open", "team": "open"}
    assert titles(client.get(LIST)) == ["team", "report"]


def test_timeline_says_so_and_nobody_is_told(repository, owner, several):
    told = Change.objects.count()
    moment = clock.now()
    assert close_all(repository, actor=owner) == 2
    for row in Discussion.objects.filter(title__in=["open", "draft"]):
        event = row.events.get()
        data = {"all": True, "from": "draft"} if row.title == "draft" else {"all": True}
        assert (event.kind, event.actor, event.data, event.position) == ("closed", owner, data, 2)
        assert (row.last_position, row.comment_count, row.active_at) == (2, 1, event.created_at)
        assert event.created_at >= moment
    assert DiscussionEvent.objects.count() == 2
    assert Change.objects.count() == told


def test_twice_closes_nothing_more(repository, owner, several):
    close_all(repository, actor=owner)
    assert close_all(repository, actor=owner) == 0
    assert DiscussionEvent.objects.count() == 2


def test_only_of_this_repository(make_repository, repository, owner, author):
    open_discussion(make_repository("other"), title="other", text="Text.", actor=author)
    assert close_all(repository, actor=owner) == 0
    assert statuses() == {"other": "open"}


@pytest.mark.parametrize("person", ["author", "moderator", "reporter"])
def test_only_editors(request, sign_in, repository, several, person):
    who = request.getfixturevalue(person)
    assert sign_in(who).post(f"{PAGE}/close-all", {"sure": "on"}).status_code == 403
    with pytest.raises(Forbidden):
        close_all(repository, actor=who)
    assert statuses()["open"] == "open"


def test_editor_of_an_organization(sign_in, organization, make_repository, owner, reporter, author):
    ours = make_repository("ours", owner=organization)
    join_organization(reporter, organization, role="write", actor=owner)
    open_discussion(ours, title="one", text="Text.", actor=author)
    response = sign_in(reporter).post("/mekong-lab/ours/discussions/settings/close-all", {"sure": "on"}, follow=True)
    assert "You closed 1 discussion." in text_of(response)


def test_not_while_one_cannot_post(sign_in, owner, several):
    starts = clock.now()
    posting.restrict(
        owner, kind="posting_ban", reason="Rude.", starts_at=starts, ends_at=starts + timedelta(1), actor=system_actor()
    )
    response = sign_in(owner).post(f"{PAGE}/close-all", {"sure": "on"})
    assert (response.status_code, "Rude." in text_of(response)) == (403, True)
    assert statuses()["open"] == "open"


def test_visitor_signs_in_first(client, several):
    assert client.post(f"{PAGE}/close-all", {"sure": "on"})["Location"] == f"/accounts/login/?next={PAGE}"


def test_a_thousand_in_a_few_statements(repository, owner, author, django_assert_num_queries):
    Discussion.objects.bulk_create(
        Discussion(repository=repository, number=number, title=str(number), author=author, last_position=number)
        for number in range(1, 1001)
    )
    began = perf_counter()
    with django_assert_num_queries(11):
        assert close_all(repository, actor=owner) == 1000
    assert perf_counter() - began < 2
    events = DiscussionEvent.objects.filter(kind="closed").select_related("discussion")
    assert all(one.position == one.discussion.number + 1 == one.discussion.last_position for one in events)
    assert len(events) == 1000


@concurrent
def test_while_others_open_and_comment(repository, owner, make_user):
    """Eight threads: two close everything, three open, three comment; nothing waits for ever and nothing is torn."""
    people = [make_user(f"person-{number}") for number in range(6)]
    places = [open_discussion(repository, title=f"{number}", text="Text.", actor=people[0]) for number in range(6)]
    refused = []

    def close(_number):
        return [close_all(repository, actor=owner) for _time in range(3)]

    def post(number):
        for step in range(6):
            if number % 2:
                open_discussion(repository, title=f"{number}-{step}", text="Text.", actor=people[number])
                continue
            try:
                add_comment(places[(number + step) % 6], text="More.", actor=people[number])
            except Refused as refusal:
                refused.append(refusal.code)

    def run(job):
        try:
            return job[0](job[1])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        jobs = [(post, number) for number in range(6)]
        done = list(pool.map(run, [(close, 0), *jobs[:3], (close, 1), *jobs[3:]]))
    closed = sum(done[0]) + sum(done[4])
    assert (
        closed
        == DiscussionEvent.objects.filter(kind="closed").count()
        == Discussion.objects.filter(status="closed").count()
    )
    assert set(refused) <= {"closed"}
    assert Comment.objects.count() == 6 + 18 + 18 - len(refused)
    for row in Discussion.objects.all():
        positions = [*row.comments.values_list("position", flat=True), *row.events.values_list("position", flat=True)]
        assert sorted(positions) == list(range(1, row.last_position + 1))
    assert close_all(repository, actor=owner) == Discussion.objects.count() - closed
