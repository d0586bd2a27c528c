"""Inserting a row in one statement: new, there already, at the same moment."""

import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from foundation import clock
from foundation.models import Change
from foundation.rows import insert
from moderation.reports.models import Report
from moderation.subjects.actions import subject_of, take_snapshot
from moderation.subjects.models import Subject
from tests.conftest import concurrent


def test_a_new_row_has_its_key_and_what_it_was_given(comment, django_assert_num_queries):
    row = Subject(comment=comment)
    with django_assert_num_queries(1):
        assert insert(row)
    kept = Subject.objects.get(pk=row.pk)
    assert (kept.comment, kept.public_id) == (comment, row.public_id)
    assert kept.created_at is not None  # the database's default
    assert Subject.objects.filter(comment=comment).update(comment=comment) == 1


def test_a_row_that_is_there_fails_nothing(comment):
    with transaction.atomic():
        assert insert(Subject(comment=comment))
        again = Subject(comment=comment)
        assert not insert(again)
        assert again.pk is None
        assert Subject.objects.filter(comment=comment).count() == 1  # the transaction goes on


def test_other_constraints_still_hold(comment, db):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Subject())  # is no thing at all
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Change(kind="", object_id=1))


def test_every_type_of_column_arrives_as_saved_by_the_orm(comment, reporter, clause):
    snapshot = take_snapshot(subject_of(comment))
    values = {
        "subject": snapshot.subject, "snapshot": snapshot, "clause": clause("spam"), "reporter": reporter,
        "text": "100 % spam {0} %s", "links": ["https://a.example/?q=1", "b"], "created_at": clock.now(),
        "batch": uuid.uuid4(), "confidential": False,
    }  # fmt: skip
    row = Report(**values)
    assert insert(row)
    by_orm = Report.objects.create(**(values | {"clause": clause("harassment")}))
    one, other = Report.objects.get(pk=row.pk), Report.objects.get(pk=by_orm.pk)
    own = {"id", "public_id", "request_id", "clause_id"}
    same = [field.attname for field in Report._meta.concrete_fields if field.attname not in own]
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]


@concurrent
def test_of_eight_at_once_one_inserts(comment):
    made: list[bool] = []
    ready = threading.Barrier(8)

    def work() -> None:
        ready.wait()
        try:
            made.append(insert(Subject(comment=comment)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]
    assert Subject.objects.filter(comment=comment).count() == 1
