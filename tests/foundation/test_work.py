"""Work rows: leased, done once, never given up (L3)."""

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection, transaction

from foundation.models import Change
from foundation.work import claim, finish, put_back, said, work_off
from tests.conftest import concurrent

LEASE = timedelta(minutes=1)


def add(count: int) -> None:
    Change.objects.bulk_create(Change(kind="comment.added", object_id=number) for number in range(count))


def test_claim_takes_the_oldest_due_rows_up_to_its_limit(db) -> None:
    add(5)
    assert [row.object_id for row in claim(Change.objects.all(), limit=3, lease=LEASE)] == [0, 1, 2]
    assert [row.object_id for row in claim(Change.objects.all(), limit=3, lease=LEASE)] == [3, 4]


def test_a_row_that_is_not_due_waits(db, pass_time) -> None:
    add(1)
    Change.objects.update(due_at=pass_time(timedelta()) + timedelta(hours=1))
    assert claim(Change.objects.all(), limit=1, lease=LEASE) == []
    pass_time(timedelta(hours=1, seconds=1))
    assert len(claim(Change.objects.all(), limit=1, lease=LEASE)) == 1


def test_a_lease_that_ran_out_goes_to_another_and_the_first_may_not_finish(db, pass_time) -> None:
    add(1)
    lost = claim(Change.objects.all(), limit=1, lease=LEASE)
    pass_time(timedelta(minutes=1, seconds=1))
    taken = claim(Change.objects.all(), limit=1, lease=LEASE)
    assert finish(lost) == []
    assert finish(taken) == taken
    assert claim(Change.objects.all(), limit=1, lease=LEASE) == []


def test_a_failed_row_comes_back_later_and_later(db) -> None:
    add(1)
    pauses = []
    for _attempt in range(3):
        Change.objects.update(due_at=Change.objects.get().created_at)
        (row,) = claim(Change.objects.all(), limit=1, lease=LEASE)
        put_back(row, ValueError("broken"))
        row.refresh_from_db()
        pauses.append(row.due_at - row.created_at)
        assert (row.done_at, row.lease, row.last_error) == (None, None, "ValueError: broken")
    assert pauses == sorted(pauses)
    assert pauses[2] > pauses[0] * 2


def test_one_bad_row_does_not_hold_up_the_others(db) -> None:
    add(3)
    done = []

    def do(row: Change) -> None:
        if row.object_id == 1:
            raise RuntimeError("poison")
        done.append(row.object_id)

    assert work_off(Change.objects.all(), do) == 2
    assert done == [0, 2]
    assert Change.objects.get(done_at=None).last_error == "RuntimeError: poison"


def test_what_a_failed_row_wrote_is_rolled_back(db) -> None:
    add(1)

    def do(row: Change) -> None:
        Change.objects.create(kind="half.done", object_id=1)
        raise RuntimeError

    work_off(Change.objects.all(), do)
    assert not Change.objects.filter(kind="half.done").exists()


@concurrent
def test_eight_workers_never_do_a_row_twice() -> None:
    add(200)
    done: list[int] = []

    def work() -> None:
        work_off(Change.objects.all(), lambda row: done.append(row.object_id), limit=7)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(200))


def test_finish_outside_of_a_transaction_is_a_mistake(transactional_db) -> None:
    add(1)
    rows = claim(Change.objects.all(), limit=1, lease=LEASE)
    with pytest.raises(AssertionError, match="transaction"):
        finish(rows)
    with transaction.atomic():
        assert finish(rows)


def test_an_error_with_text_that_the_database_refuses_holds_nobody_up(db) -> None:
    add(2)

    def do(row: Change) -> None:
        if row.object_id == 0:
            raise ValueError("cannot read \x00 and \ud800")

    assert work_off(Change.objects.all(), do) == 1
    assert Change.objects.get(done_at=None).last_error == "ValueError: cannot read  and ?"


def test_an_error_names_no_address():
    """Mail servers repeat the address that they refuse (J4)."""
    refused = SMTPRecipientsRefused({"zoe@harbour.example": (550, b"<zoe@harbour.example>: no such user")})
    text = said(refused)
    assert "zoe" not in text
    assert "harbour" not in text
    assert "550" in text
    assert "no such user" in text
