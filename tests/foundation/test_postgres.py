"""Whether a connection is alive is asked when it was idle, not before every request."""

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, close_old_connections, connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import _queries

from foundation.postgres import base
from foundation.postgres.base import LONGEST_KEPT
from tests.conftest import concurrent


@pytest.fixture
def asked(monkeypatch):
    """How often the server was asked whether it is there."""
    times: list[int] = []
    ask = DatabaseWrapper.is_usable

    def asking(self):
        times.append(1)
        return ask(self)

    monkeypatch.setattr(DatabaseWrapper, "is_usable", asking)
    close_old_connections()
    connection.ensure_connection()
    # Itself, not the proxy: from that a patch could not be taken back.
    monkeypatch.setattr(connections[connection.alias], "health_check_enabled", True)
    return times


def one_request():
    """What a request does to the connection: between two of Django's signals it asks something."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    close_old_connections()


@concurrent
def test_one_that_just_answered_is_not_asked(asked, monkeypatch):
    one_request()
    del asked[:]
    for _number in range(5):
        one_request()
    assert asked == []
    monkeypatch.setattr(base, "FRESH", 0.0)
    one_request()
    assert asked == [1]


@concurrent
def test_one_that_broke_is_opened_again(asked):
    one_request()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [process])
    with pytest.raises(OperationalError):  # the one request that comes within the second
        one_request()
    one_request()


@pytest.mark.django_db
def test_a_long_statement_is_read_once():
    statement = f"SELECT %s::int {'-- long ' * 1_000}"
    assert 4096 < len(statement) <= LONGEST_KEPT
    before = _queries._query2pg.cache_info()
    with connection.cursor() as cursor:
        for number in range(3):
            cursor.execute(statement, [number])
            assert cursor.fetchone() == (number,)
    after = _queries._query2pg.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)


@concurrent
@pytest.mark.parametrize("broken", [False, True])
def test_what_is_prepared_outlives_a_transaction_that_is_rolled_back(broken):
    """Else each refused request would make the next five plan their statements again."""
    connection.ensure_connection()
    connection.connection.prepare_threshold = 2

    def prepared():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%% AS remembered"])
            return cursor.fetchone()[0]

    def ask(number):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int AS remembered", [number])
            assert cursor.fetchone() == (number,)

    for number in range(4):
        ask(number)
    assert prepared() == 1
    with pytest.raises(DatabaseError if broken else ZeroDivisionError), transaction.atomic():
        broken_off(broken)
    assert not connection.in_atomic_block
    assert prepared() == 1
    ask(6)
    connection.close()


def broken_off(by_database):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / %s", [0 if by_database else 1])
    raise ZeroDivisionError


@concurrent
def test_a_connection_that_is_gone_still_says_so_when_it_rolls_back():
    with pytest.raises(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    one_request()
