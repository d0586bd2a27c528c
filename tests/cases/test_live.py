"""Live updates: who may hear them, what is told and when (D4)."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import MODERATORS
from moderation.cases.actions import claim, release, renew
from moderation.cases.events import record
from moderation.cases.live.access import case_for, people_of, seen_by
from moderation.cases.live.broadcast import Broadcast
from moderation.cases.live.reading import HOLDERS, Holders, Reader
from moderation.cases.live.streams import MOST_OF_A_PERSON, Stream, Streams
from moderation.cases.models import Case
from moderation.cases.queries import LOOKS, latest_event
from tests.conftest import concurrent
from tests.events import Line, events_thread
from tests.processes import wait_until


def session_of(client) -> str:
    return client.cookies["sessionid"].value


@pytest.fixture
def key(sign_in, moderator) -> str:
    return session_of(sign_in(moderator))


def test_a_session_of_the_team_is_admitted(moderator, key):
    assert people_of([key, "unknown"]) == {key: moderator}


def test_two_queries_whatever_the_number(sign_in, moderator, other_moderator, django_assert_num_queries):
    keys = [session_of(sign_in(person)) for person in (moderator, other_moderator) for _ in range(5)]
    with django_assert_num_queries(2):
        assert len(people_of(keys)) == 10


@pytest.mark.parametrize("what", ["expired", "password", "left", "inactive", "gone"])
def test_who_lost_the_right_is_not(moderator, key, what):
    if what == "expired":
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    elif what == "password":
        moderator.set_password("another long password")
        moderator.save()
    elif what == "left":
        moderator.groups.remove(Group.objects.get(name=MODERATORS))
    elif what == "inactive":
        moderator.is_active = False
        moderator.save()
    else:
        Session.objects.all().delete()
    assert people_of([key]) == {}


def test_nobody_else_is_admitted(sign_in, reporter):
    assert people_of([session_of(sign_in(reporter))]) == {}


def test_a_case_is_for_those_who_may_see_it(case, moderator, make_user):
    assert case_for(case.public_id, moderator) == (case.pk, case.version)
    assert seen_by([case.pk], moderator) == {case.pk}
    author = case.subject.author
    assert case_for(case.public_id, author) is None
    assert seen_by([case.pk], author) == set()
    assert case_for(uuid.uuid4(), moderator) is None


def test_a_slow_reader_holds_the_newest_only(moderator):
    stream = Stream("key", moderator)
    for number in range(1000):
        stream.tell("cases", number, number=number)
        stream.tell("claims")
    assert stream.take() == b"id: 999\nevent: cases\ndata: 999\n\nevent: claims\ndata: \n\n"
    assert stream.take() == b""


def test_the_oldest_of_too_many_is_closed(moderator, other_moderator):
    streams = Streams()
    theirs = [Stream("key", moderator) for _ in range(MOST_OF_A_PERSON)]
    for stream in [*theirs, Stream("key", other_moderator)]:
        streams.add(stream)
    assert not any(stream.closed for stream in theirs)
    streams.add(Stream("key", moderator))
    assert [stream.closed for stream in theirs] == [True] + [False] * (MOST_OF_A_PERSON - 1)
    assert theirs[0].take() == b"event: bye\ndata: many\n\n"
    assert len(streams) == MOST_OF_A_PERSON + 1
    streams.remove(theirs[0])
    assert len(streams) == MOST_OF_A_PERSON + 1


@pytest.mark.parametrize("payload", ["", "event", "event x", "other 1", "event -1"])
def test_what_nobody_understands_lets_everybody_look(payload):
    async def hear() -> bool:
        broadcast = Broadcast()
        broadcast.heard(payload)
        return broadcast.news.everything

    # In a thread of its own: where browser tests ran before, a loop goes on in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, hear()).result()


@pytest.fixture
def changed_hands(db):
    """changed_hands(): the cases that were claimed, given back or handed over since the last call."""

    def held() -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(HOLDERS)
            return cursor.fetchall()

    holders = Holders(held())
    return lambda: holders.take(held())


@pytest.fixture
def asked(db):
    """asked(at): the cases of events that a reader finds new at that second."""
    reader = Reader(latest_event())

    def ask(at: float = 0.0) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(*reader.question())
            return reader.take(cursor.fetchall(), at)

    return ask


def test_events_are_news_once(asked, many_cases, moderator):
    one, other = Case.objects.select_for_update().filter(pk__in=[case.pk for case in many_cases(2)]).order_by("pk")
    assert sorted(asked()) == [one.pk, other.pk]
    for _ in range(3):
        record(one, "test.happened", actor=moderator)
    assert (asked(), asked()) == ([one.pk], [])
    for kind in LOOKS:
        record(one, kind, actor=moderator, moves=False)
    assert asked() == []
    record(other, "test.happened", actor=moderator)
    assert asked(60.0) == [other.pk]
    assert (asked(60.0), asked(120.0)) == ([], [])


def test_an_event_that_is_committed_late_is_not_missed():
    reader = Reader(10)
    assert reader.take([(12, 7)], 0.0) == [7]
    assert reader.take([(11, 8), (12, 7)], 9.0) == [8]  # the transaction of number 11 took longer
    assert reader.take([(11, 8), (12, 7)], 10.0) == []
    assert reader.question()[1][0] == 12  # and nobody asks for them any more


def test_who_holds_a_case_is_news_when_it_changes(changed_hands, case, moderator, other_moderator, pass_time):
    assert changed_hands() == []
    # A claim is news, renewing it is none.
    claim(case, actor=moderator)
    assert changed_hands() == [case.pk]
    claim(case, actor=moderator)
    renew(case, actor=moderator)
    assert changed_hands() == []
    # That it ended is news too, and who has it then.
    pass_time(timedelta(minutes=11))
    assert changed_hands() == [case.pk]
    claim(case, actor=moderator)
    assert changed_hands() == [case.pk]
    pass_time(timedelta(minutes=11))
    claim(case, actor=other_moderator)
    assert changed_hands() == [case.pk]
    release(case, actor=other_moderator)
    assert (changed_hands(), changed_hands()) == ([case.pk], [])


@concurrent
def test_pages_hear_what_happens(sign_in, moderator, other_moderator, case):
    client = sign_in(moderator)
    with events_thread() as (application, port):
        queue = Line(port, client)
        assert queue.answer.headers["X-Accel-Buffering"] == "no"
        assert "no-store" in queue.answer.headers["Cache-Control"]
        assert queue.hear() == ("cases", str(latest_event()))
        page = Line(port, client, f"?case={case.public_id}&version={case.version}")
        missed = Line(port, client, f"?case={case.public_id}&version=0")
        assert missed.hear() == ("case", str(case.public_id))
        with transaction.atomic():
            record(Case.objects.select_for_update().get(pk=case.pk), "test.happened", actor=other_moderator)
        assert queue.hear("cases") == ("cases", str(latest_event()))
        assert page.hear() == ("case", str(case.public_id))
        claim(case, actor=other_moderator)
        assert queue.hear() == ("claims", "")
        assert page.hear() == ("case", str(case.public_id))

        # The database closes the line on which it speaks: it is opened again, and everybody looks.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'ombud events' AND datname = current_database()"
            )
        assert queue.hear() == ("cases", str(latest_event()))

        # Signed out, the next news are not for this browser any more.
        Session.objects.all().delete()
        claim(case, actor=other_moderator)
        release(case, actor=other_moderator)
        assert queue.hear("bye") == ("bye", "gone")
        assert page.hear("bye") == ("bye", "gone")
        assert queue.hear() == ("end", "")
        wait_until(lambda: not len(application.broadcast.streams), why="the lines to be forgotten")


@concurrent
def test_everybody_else_is_refused(sign_in, moderator, reporter, author, case):
    author.groups.add(Group.objects.get(name=MODERATORS))
    case_query = f"?case={case.public_id}"
    with events_thread() as (_application, port):

        def status(client, query="", **headers) -> int:
            line = Line(port, client, query, **headers)
            line.close()
            return line.answer.status

        team = sign_in(moderator)
        assert status(None) == 404
        assert status(sign_in(reporter)) == 404
        assert status(sign_in(author), case_query) == 404
        assert status(team, "?case=nonsense") == 404
        assert status(team, f"?case={uuid.uuid4()}") == 404
        assert status(team, "/elsewhere") == 404
        assert status(team, Origin="https://elsewhere.example") == 404
        assert status(team, case_query) == 200
        ours = Line(port, team, Origin="http://testserver")
        assert ours.answer.headers["Access-Control-Allow-Origin"] == "http://testserver"
        assert ours.answer.headers["Access-Control-Allow-Credentials"] == "true"
        ours.close()


def test_the_address_answers_without_a_proxy_too(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/events").status_code == 204


def test_holders_are_told_in_place(sign_in, moderator, other_moderator, many_cases, django_assert_max_num_queries):
    cases = many_cases(3)
    claim(cases[0], actor=moderator)
    claim(cases[1], actor=other_moderator)
    client = sign_in(moderator)
    query = "&".join(f"case={case.public_id}" for case in cases)
    with django_assert_max_num_queries(7):
        page = client.get(f"/cases/holders?{query}&case=nonsense").content.decode()
    assert page.count("data-of=") == 3
    assert page.index("you") < page.index(str(cases[1].public_id)) < page.index("tomas") or "tomas" in page
    assert client.get("/cases/holders").status_code == 200


def test_holders_of_unseen_cases_are_not_told(sign_in, moderator, report, comment, make_user):
    case = report(comment)
    comment.author.groups.add(Group.objects.get(name=MODERATORS))
    claim(case, actor=moderator)
    page = sign_in(comment.author).get(f"/cases/holders?case={case.public_id}").content.decode()
    assert "data-of" not in page


def test_the_state_of_a_claim_is_asked(sign_in, moderator, other_moderator, case):
    client = sign_in(moderator)
    address = f"/cases/{case.public_id}/claim-state"
    assert "free" in client.get(address).content.decode()
    claim(case, actor=other_moderator)
    assert "tomas has it until" in client.get(address).content.decode()


@pytest.mark.parametrize("path", ["/cases/holders", "/cases/palette", "/cases/{id}/claim-state"])
def test_people_outside_the_team_find_nothing(sign_in, client, reporter, case, path):
    address = path.format(id=case.public_id)
    assert sign_in(reporter).get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert sign_in(reporter).post(address).status_code in (404, 405)


def test_leaving_gives_the_claim_back_without_a_word(sign_in, moderator, claimed_case):
    client = sign_in(moderator)
    answer = client.post(f"/cases/{claimed_case.public_id}/release", {"leaving": "yes"})
    assert answer.status_code == 204
    claimed_case.refresh_from_db()
    assert claimed_case.assignee is None
    assert "is free for somebody else" not in client.get("/inbox").content.decode()
