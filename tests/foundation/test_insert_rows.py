"""Inserting a row in one statement: new, there already, at the same moment."""

import threading
import uuid

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from foundation import clock
from foundation.models import Change
from foundation.rows import KeyOf, insert, insert_each, insert_together, update
from moderation.reports.models import Report
from moderation.subjects.actions import draft_snapshot, draft_subject, subject_of, take_snapshot
from moderation.subjects.models import Snapshot, Subject
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


def _drafts(comment, reporter, clause):
    subject = draft_subject(comment)
    snapshot = draft_snapshot(subject, at=clock.now())
    report = Report(
        subject=subject, snapshot=snapshot, clause=clause("spam"), reporter=reporter, text="It’s 100 % spam, {0} %s.",
        created_at=clock.now(), links=["https://a.example/?q=%s"],
    )  # fmt: skip
    return subject, snapshot, report, Change(kind="report.received", object_id=KeyOf(report))  # type: ignore[misc]


def test_rows_that_depend_on_each_other_are_one_statement(comment, reporter, clause, django_assert_num_queries):
    subject, snapshot, report, change = _drafts(comment, reporter, clause)
    with django_assert_num_queries(1):
        assert insert_together(subject, snapshot, report, change)
    with django_assert_num_queries(0):  # what the objects were given is still known to them
        assert (report.snapshot, report.subject.comment, snapshot.subject) == (snapshot, comment, subject)
        assert (report.subject_id, report.snapshot_id, change.object_id) == (subject.pk, snapshot.pk, report.pk)
    kept = Report.objects.get(pk=report.pk)
    assert (kept.subject, kept.snapshot, kept.text, kept.links) == (subject, snapshot, report.text, report.links)
    assert Change.objects.get(pk=change.pk).object_id == kept.pk
    assert Snapshot.objects.get(pk=snapshot.pk).text == snapshot.text


def test_where_the_first_row_is_there_nothing_is_inserted(comment, reporter, clause):
    known = subject_of(comment)
    drafts = _drafts(comment, reporter, clause)
    with transaction.atomic():
        assert not insert_together(*drafts)
        assert Subject.objects.get(comment=comment) == known  # the transaction goes on
    assert [one.pk for one in drafts] == [None] * 4
    assert not Report.objects.exists()
    assert not Snapshot.objects.exists()


def test_a_later_row_that_breaks_a_constraint_fails_all(comment, reporter, clause):
    subject, snapshot, report, change = _drafts(comment, reporter, clause)
    change.kind = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(subject, snapshot, report, change)
    assert not Subject.objects.exists()


def test_each_group_stands_for_itself(comment, django_assert_num_queries):
    known = subject_of(comment)
    groups = []
    for thing in (comment.discussion, comment, comment.author):
        subject = draft_subject(thing)
        groups.append((subject, draft_snapshot(subject, at=clock.now())))
    with django_assert_num_queries(1):
        assert insert_each(groups) == [True, False, True]
    (first, shown), (again, unshown), (third, last) = groups
    assert (shown.subject_id, last.subject_id) == (first.pk, third.pk)
    assert (again.pk, unshown.pk) == (None, None)
    assert set(Subject.objects.all()) == {known, first, third}
    assert set(Snapshot.objects.all()) == {shown, last}
    assert insert_each([]) == []


def test_a_row_that_is_there_is_saved_in_the_same_statement(comment, django_assert_num_queries):
    snapshot = take_snapshot(subject_of(comment.discussion))
    subject, again = draft_subject(comment), draft_subject(comment)
    snapshot.title, snapshot.language, snapshot.text = "100 %s", "th", "Not saved."
    with django_assert_num_queries(1):
        assert insert_together(subject, saving=(snapshot, ("title", "language")))
    kept = Snapshot.objects.get(pk=snapshot.pk)
    assert (kept.title, kept.language, kept.text == "Not saved.") == ("100 %s", "th", False)
    snapshot.title = "Another"
    assert not insert_together(again, saving=(snapshot, ("title",)))  # nothing is inserted, nothing is saved
    assert Snapshot.objects.get(pk=snapshot.pk).title == "100 %s"


def test_what_is_too_long_is_refused_and_never_cut(comment, reporter, clause):
    subject, snapshot, report, change = _drafts(comment, reporter, clause)
    report.ground = "x" * 11
    with pytest.raises(DataError), transaction.atomic():
        insert_together(subject, snapshot, report, change)


def test_a_row_that_was_saved_since_it_was_given_counts_with_its_key(comment):
    subject = draft_subject(comment)
    snapshot = draft_snapshot(subject, at=clock.now())
    subject.save()
    assert insert(snapshot)
    assert Snapshot.objects.get(pk=snapshot.pk).subject == subject


def test_fields_of_a_row_are_changed_in_one_statement(comment, django_assert_num_queries):
    snapshot = take_snapshot(subject_of(comment))
    other = take_snapshot(subject_of(comment.discussion))
    snapshot.text, snapshot.sealed, snapshot.title = "", True, "not asked for"
    with django_assert_num_queries(1):
        update(snapshot, "text", "sealed")
    kept = Snapshot.objects.get(pk=snapshot.pk)
    assert (kept.text, kept.sealed, kept.title) == ("", True, "")
    assert not Snapshot.objects.get(pk=other.pk).sealed
