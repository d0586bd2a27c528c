"""Rows that are not saved yet: the same as Django makes them, and the same once they are inserted."""

import uuid

import pytest
from django.db.models.expressions import DatabaseDefault

from foundation import clock
from foundation.drafts import draft
from foundation.models import Change
from foundation.rows import insert
from moderation.cases.models import Case, CaseReport, Event
from moderation.reports.models import Report
from moderation.scoring.models import ScoreRequest
from moderation.subjects.actions import subject_of, take_snapshot
from moderation.subjects.models import Snapshot, Subject

MODELS = (Case, CaseReport, Change, Event, Report, ScoreRequest, Snapshot, Subject)


@pytest.mark.parametrize("model", MODELS)
def test_is_the_same_row_as_the_models_own(model):
    one, other = draft(model), model()
    assert one.__dict__.keys() == other.__dict__.keys()
    for name, value in other.__dict__.items():
        ours = one.__dict__[name]
        if isinstance(value, DatabaseDefault | uuid.UUID) or name == "_state":
            assert type(ours) is type(value)
        else:
            assert ours == value
    assert (one._state.adding, one._state.db) == (True, None)


def test_two_rows_share_nothing_that_changes():
    one, other = draft(Report), draft(Report)
    one.links.append("https://a.example")
    assert other.links == []
    assert one.public_id != other.public_id


def test_a_foreign_key_is_given_as_the_object(comment, reporter, clause, django_assert_num_queries):
    snapshot = take_snapshot(subject_of(comment))
    values = {"subject": snapshot.subject, "snapshot": snapshot, "clause": clause("spam"), "reporter": reporter}
    row = draft(Report, **values, text="Look.", ground=Report.Ground.LAW, created_at=clock.now(), entered_by=None)
    assert insert(row)
    with django_assert_num_queries(0):
        assert [getattr(row, name) for name in values] == list(values.values())
        assert (row.entered_by, row.entered_by_id) == (None, None)
    assert type(row.ground) is str
    kept = Report.objects.get(pk=row.pk)
    assert (kept.ground, kept.state, kept.reporter) == (Report.Ground.LAW, Report.State.OPEN, reporter)


def test_of_one_thing_each_knows_the_other(comment):
    subject = draft(Subject, comment=comment)
    assert comment.subject is subject


def test_a_name_of_no_field_is_refused():
    with pytest.raises(TypeError, match="no field 'colour'"):
        draft(Change, colour="red")
