"""When what keeps somebody from posting ends: to the moment, by the database's clock and no other (F5)."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings

from accounts.models import PostingRestriction, Token, User
from community.models import Discussion, TabSettings
from community.posting import Way, refusal
from tests.community.tab import Tab, rows
from tests.conftest import concurrent

# In Berlin clocks go back in the night to this Sunday, between the beginning of the ban and its end.
NOON = datetime(2030, 10, 27, 12, tzinfo=UTC)
# Half past two comes twice in Berlin: this is the second one.
TWICE = datetime(2030, 10, 27, 1, 30, tzinfo=UTC)
# In New York half past two does not come at all that night.
NEVER = datetime(2031, 3, 9, 7, 0, tzinfo=UTC)
LAST = timedelta(microseconds=1)
ZONES = ["UTC", "Asia/Bangkok", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"]
ROLE = "opener"


@pytest.fixture(params=ZONES)
def zone(request) -> Iterator[str]:
    """The server's setting and the process itself, both in one zone."""
    before = os.environ.get("TZ")
    with override_settings(TIME_ZONE=request.param):
        os.environ["TZ"] = request.param
        time.tzset()
        yield request.param
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def ban(person: User, ends_at: datetime) -> None:
    starts_at = ends_at - timedelta(hours=48)
    PostingRestriction.objects.create(
        user=person, kind="posting_ban", reason="Insults.", starts_at=starts_at, ends_at=ends_at
    )


def codes(tab: Tab) -> set[str | None]:
    """Of every way to post, the code of its refusal."""
    place, person = Discussion.objects.get(pk=tab.place.pk), tab.people[ROLE]
    found = [refusal(person, tab.repository, way, discussion=place) for way in Way]
    return {one.code if one else None for one in found}


@pytest.mark.parametrize("end", [NOON, TWICE, NEVER], ids=["noon", "twice", "never"])
def test_ban_ends_at_its_moment_in_every_zone(tab, zone, end, set_clock):
    """Also when the session of the database is in that zone: the database itself compares."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    ban(tab.people[ROLE], end)
    for moment, owed in {
        end - timedelta(hours=48): "posting_restricted",
        end - timedelta(seconds=1): "posting_restricted",
        end - LAST: "posting_restricted",
        end: None,
    }.items():
        set_clock(moment)
        assert codes(tab) == {owed}, moment
    # The cursors that are kept read moments in that zone, and would in other tests.
    cast("Any", connections[connection.alias])._kept.clear()


def test_ban_begins_at_its_moment(tab, zone, set_clock):
    ban(tab.people[ROLE], NOON)
    set_clock(NOON - timedelta(hours=48) - LAST)
    assert codes(tab) == {None}


def test_every_surface_keeps_the_moment(tab, set_clock):
    """Refused up to the last microsecond, and taken at the moment itself: pages, the hub's client, programs."""
    Token.objects.update(expiry=None)
    ban(tab.people[ROLE], NOON)
    requests = [one for one in tab.requests(ROLE) if one.way != Way.MERGE]  # merging is the owner's
    set_clock(NOON - LAST)
    before = rows()
    for request in requests:
        response = tab.send(ROLE, request)
        assert (response.status_code, "You can post again on" in response.content.decode()) == (403, True), request
    assert rows() == before
    set_clock(NOON)
    for request in requests:
        with transaction.atomic():
            assert tab.send(ROLE, request).status_code in (200, 201, 204, 302, 303), request
            assert rows() != before, request
            transaction.set_rollback(True)


def test_one_request_a_surface_in_every_zone(tab, zone, set_clock):
    Token.objects.update(expiry=None)
    ban(tab.people[ROLE], TWICE)
    # The first of each: another one also closes the discussion.
    requests = {one.surface: one for one in reversed(tab.requests(ROLE)) if one.way == Way.COMMENT}
    set_clock(TWICE - timedelta(seconds=1))
    assert {surface: tab.send(ROLE, one).status_code for surface, one in requests.items()} == dict.fromkeys(
        requests, 403
    )
    set_clock(TWICE)
    taken = {surface: tab.send(ROLE, one).status_code for surface, one in requests.items()}
    assert taken == {"page": 303, "hub": 200, "api": 201}


def test_new_account_is_old_enough_at_the_moment(tab, zone, set_clock):
    TabSettings.objects.create(repository=tab.repository, newcomers=7, changed_by=tab.people["admin"])
    person = tab.people[ROLE]
    User.objects.filter(pk=person.pk).update(date_joined=NOON - timedelta(days=7))
    person.refresh_from_db()
    set_clock(NOON - LAST)
    assert codes(tab) == {"newcomer"}
    set_clock(NOON)
    assert codes(tab) == {None}


@pytest.mark.parametrize(
    ("limits", "window", "age"),
    [
        ({"POSTS_PER_WINDOW": 2}, timedelta(minutes=10), timedelta(days=365)),
        ({"NEW_ACCOUNT_POSTS_PER_HOUR": 2}, timedelta(hours=1), timedelta(days=1)),
    ],
    ids=["everybody", "new account"],
)
def test_limit_is_over_at_the_moment(tab, zone, set_clock, settings, limits, window, age):
    """Counted from the oldest post that fills the window."""
    for name, value in limits.items():
        setattr(settings, name, value)
    person = tab.people[ROLE]
    User.objects.filter(pk=person.pk).update(date_joined=NOON - age)
    person.refresh_from_db()
    for minutes in (0, 2):
        set_clock(NOON + timedelta(minutes=minutes))
        tab.act(Way.COMMENT, ROLE)
    set_clock(NOON + window - LAST)
    assert codes(tab) == {"rate_limited"}
    set_clock(NOON + window)
    assert codes(tab) == {None}


def test_refusal_names_the_end_in_the_readers_zone(tab, zone, set_clock, settings):
    ban(tab.people[ROLE], NOON)
    set_clock(NOON - LAST)
    User.objects.filter(pk=tab.people[ROLE].pk).update(time_zone="Asia/Bangkok")
    request = next(one for one in tab.requests(ROLE) if one.surface == "page" and one.way == Way.STATUS)
    body = tab.send(ROLE, request).content.decode()
    assert "27 October 2030, 19:00" in body
    assert "(+07)" in body


@concurrent
def test_two_connections_see_the_same(make_repository, organization, owner, moderator, make_user, set_clock):
    """Connections of a database whose own zone is another one, with nothing else running."""
    with transaction.atomic():
        tab = Tab(make_repository("ours", owner=organization), organization, owner, moderator, make_user)
    ban(tab.people[ROLE], NOON)

    def ask(_number: int) -> set[str | None]:
        try:
            return codes(tab)
        finally:
            connection.close()

    try:
        for moment, owed in {NOON - LAST: "posting_restricted", NOON: None}.items():
            set_clock(moment)
            for zone in ("Asia/Kathmandu", "America/New_York"):
                let_database_live_in(zone)
                with ThreadPoolExecutor(2) as pool:
                    assert list(pool.map(ask, range(2))) == [{owed}, {owed}]
    finally:
        let_database_live_in("")


def let_database_live_in(zone: str) -> None:
    """The zone that new connections begin with; "" for the server's."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ' + (f"SET timezone TO '{zone}'" if zone else "RESET timezone"))
