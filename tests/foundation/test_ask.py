"""Statements that are asked again and again keep their cursor, and are answered as by a new one."""

import datetime
import uuid
from threading import Thread
from typing import Any, cast

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from foundation.asking import ask
from foundation.postgres import base
from tests.conftest import concurrent

SAME = "SELECT %s::text, 7 AS number"


def cursors() -> dict[str, Any]:
    kept: dict[str, Any] = cast("Any", connections[connection.alias])._kept
    return kept


@pytest.mark.django_db
def test_rows_come_as_tuples_and_the_cursor_stays():
    first = ask(SAME, ["one"])
    kept = dict(cursors())
    assert first == [("one", 7)]
    assert ask(SAME, ["two"]) == [("two", 7)]
    assert cursors() == kept
    assert ask("SELECT 1 WHERE %(no)s", {"no": False}) == []


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=50),
    st.uuids(),
    st.datetimes(min_value=datetime.datetime(1900, 1, 1), timezones=st.just(datetime.UTC)),  # noqa: DTZ001
    st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=4),
    st.binary(max_size=20),
)


@pytest.mark.django_db
@given(st.lists(VALUES, min_size=1, max_size=6))
def test_values_of_any_type_one_after_another_are_those_of_a_new_cursor(values):
    """What the cursor remembers of one type must not write the next one."""
    statement = "SELECT %s::text"
    for value in values:
        with connection.cursor() as cursor:
            cursor.execute(statement, [value])
            expected = cursor.fetchall()
        assert ask(statement, [value]) == expected


@pytest.mark.django_db
def test_what_failed_can_be_asked_again():
    for divisor, fails in ((1, False), (0, True), (2, False)):
        if fails:
            with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic():
                ask("SELECT 4 / %s", [divisor])
        else:
            assert ask("SELECT 4 / %s", [divisor]) == [(4 // divisor,)]


@pytest.mark.django_db
def test_a_statement_without_rows_is_refused():
    with pytest.raises(ProgrammingError):
        ask("SET LOCAL work_mem = '4MB'")


@pytest.mark.django_db
def test_it_is_counted_as_any_other(django_assert_num_queries):
    with django_assert_num_queries(2):
        ask(SAME, ["one"])
        ask(SAME, ["two"])


@pytest.mark.django_db
def test_only_so_many_cursors_are_kept(monkeypatch):
    monkeypatch.setattr(base, "CURSORS_KEPT", 3)
    cursors().clear()
    for number in range(5):
        assert ask(f"SELECT %s + {number}", [1]) == [(1 + number,)]
    assert [statement[-1] for statement in cursors()] == ["2", "3", "4"]


@pytest.mark.django_db
def test_what_was_asked_last_is_kept(monkeypatch):
    monkeypatch.setattr(base, "CURSORS_KEPT", 2)
    cursors().clear()
    for number in (1, 2, 1, 3):
        ask(f"SELECT %s + {number}", [1])
    assert [statement[-1] for statement in cursors()] == ["1", "3"]


@pytest.mark.django_db
def test_many_rows_are_not_kept():
    statement = "SELECT generate_series(1, %s)"
    for count, kept in ((3, True), (base.ROWS_KEPT + 1, False), (3, True)):
        assert len(ask(statement, [count])) == count
        assert (statement in cursors()) == kept


@concurrent
def test_a_new_connection_begins_anew():
    assert ask(SAME, ["one"]) == [("one", 7)]
    connection.close()
    assert ask(SAME, ["two"]) == [("two", 7)]


@concurrent
def test_a_connection_that_broke_is_opened_again():
    ((process,),) = ask("SELECT pg_backend_pid()")
    with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [process])
    with pytest.raises(OperationalError):
        ask("SELECT pg_backend_pid()")
    connection.close()
    assert ask("SELECT pg_backend_pid()") != [(process,)]


@concurrent
def test_each_thread_asks_through_its_own():
    wrong: list[int] = []

    def work():
        mine = uuid.uuid4().hex
        wrong.extend(1 for _time in range(50) if ask(SAME, [mine]) != [(mine, 7)])
        connection.close()

    threads = [Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
