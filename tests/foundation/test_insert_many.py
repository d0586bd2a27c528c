"""Many rows in one statement: new ones beside those that are there, the same statement for any number."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from foundation import clock
from foundation.drafts import draft
from foundation.many import insert_many
from foundation.models import Change
from moderation.scoring.models import Classifier
from moderation.subjects.models import Subject

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
ROWS = st.lists(st.tuples(NAMES, st.integers(-(2**63), 2**63 - 1), st.none() | st.integers(0, 2**63 - 1)), max_size=20)


class AnyRowsTest(TestCase):
    @given(ROWS)
    def test_any_rows_arrive_as_they_were_given(self, rows: list[tuple[str, int, int | None]]) -> None:
        before = Change.objects.count()
        insert_many([draft(Change, kind=kind, object_id=one, actor_id=actor) for kind, one, actor in rows])
        kept = Change.objects.order_by("pk")[before:].values_list("kind", "object_id", "actor_id")
        assert list(kept) == rows


def test_nothing_is_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_many([])


def test_one_that_is_there_already_is_left_out(comment, db):
    there = Subject.objects.create(comment=comment)
    insert_many([draft(Subject, comment=comment, public_id=str(uuid.uuid4()))])
    assert list(Subject.objects.filter(comment=comment)) == [there]


def test_the_statement_is_the_same_for_any_number(db):
    statements = set()
    for number in (2, 3, 50):
        with CaptureQueriesContext(connection) as asked:
            insert_many([draft(Change, kind="x", object_id=one, actor_id=7) for one in range(number)])
        (query,) = asked.captured_queries
        statements.add(query["sql"].split("json_to_recordset")[0])
    assert len(statements) == 1


def test_other_constraints_still_hold(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([draft(Change, kind=kind, object_id=1, actor_id=None) for kind in ("x", "")])
    assert not Change.objects.filter(kind="x").exists()


def test_what_only_some_leave_to_the_database_is_refused(db):
    rows = [draft(Change, kind="x", object_id=1, actor_id=None) for _one in range(2)]
    rows[1].due_at = clock.now()
    with pytest.raises(TypeError, match="due_at"):
        insert_many(rows)


def test_a_table_with_a_column_of_json_is_refused(db):
    with pytest.raises(TypeError, match="JSON"):
        insert_many([draft(Classifier)])


def test_what_json_cannot_hold_is_refused(db, comment):
    with pytest.raises(TypeError):
        insert_many([draft(Subject, comment=comment, public_id=uuid.uuid4()) for _one in range(2)])
