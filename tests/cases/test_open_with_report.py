"""The first report of a thing goes a short way: it writes what the long way writes, and nothing else."""

import threading
import uuid
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, transaction

from accounts.actions import create_organization
from community.actions import open_discussion
from foundation import clock
from foundation.models import Change
from moderation.cases.actions import receive, receive_report
from moderation.cases.models import Case, CaseReport, Event
from moderation.cases.priority import recompute
from moderation.cases.verify import find_faults
from moderation.policy.models import Lane
from moderation.reports.actions.filing import KeyReused
from moderation.reports.details import NO_DETAILS
from moderation.reports.models import Report, ReporterRecord, TrustedFlagger
from moderation.scoring.models import ScoreRequest
from moderation.subjects.models import TARGETS
from tests.conftest import concurrent

# What differs between any two reports: keys, hashes and moments.
OWN = {
    "id", "public_id", "request_id", "hash", "event_head", "at", "created_at", "opened_at", "ranked_at", "taken_at",
    "due_at", "rank", "subject_id", "snapshot_id", "case_id", "report_id", "object_id", "revision", "title", "text",
    "trending", "author_name", "author_id", "organization_id", "language", *(f"{name}_id" for name in TARGETS),
}  # fmt: skip


def rows_of(report: Report) -> dict[str, dict[str, object]]:
    """Every row that a first report brings, without what differs between any two."""
    case = Case.objects.get(case_reports__report=report)
    event = Event.objects.get(case=case)
    assert event.data.pop("report") == report.public_id.hex
    event.rows = sorted(name.partition(":")[0] for name in event.rows)  # what they say of them, find_faults() asks
    rows = [
        report.subject, report.snapshot, Report.objects.get(pk=report.pk), case, CaseReport.objects.get(report=report),
        event, ScoreRequest.objects.get(snapshot=report.snapshot),
        Change.objects.get(object_id=case.pk, kind="report.received"),
    ]  # fmt: skip
    return {
        type(row).__name__: {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in OWN
        }
        for row in rows
    }


@pytest.fixture
def make_target(make_repository, written, make_user, owner, author):
    """A new thing of a kind, each like the one before."""
    numbers = count(1)

    def make(kind):
        number = next(numbers)
        if kind == "comment":
            return written(f"You people are all idiots, number {number}.")
        if kind == "user":
            return make_user(f"person-{number}")
        if kind == "organization":
            return create_organization(f"lab-{number}", actor=owner)
        repository = make_repository(f"tiny-{number}")
        if kind == "repository":
            return repository
        return open_discussion(repository, title=f"Nothing works {number}", text="Nothing works here.", actor=author)

    return make


@pytest.fixture
def long_way(monkeypatch):
    def file(*args, **options):
        with monkeypatch.context() as patched:
            patched.setattr(receive, "open_with", lambda *args, **options: None)
            return receive_report(*args, **options)

    return file


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("upheld", [None, 0, 7])
def test_the_short_way_writes_what_the_long_way_writes(kind, upheld, make_target, long_way, reporter, clause):
    if upheld is not None:
        ReporterRecord.objects.create(reporter=reporter, clause=clause("spam"), upheld=upheld, decided=7)
        ReporterRecord.objects.create(reporter=reporter, clause=clause("harassment"), upheld=1, decided=2)
    said = {"clause": clause("spam"), "text": "Why.", "actor": reporter, "confidential": True}
    short, long = receive_report(make_target(kind), **said), long_way(make_target(kind), **said)
    assert rows_of(short) == rows_of(long)
    assert list(find_faults()) == []
    for report in (short, long):
        case = Case.objects.get(case_reports__report=report)
        assert recompute(case, clock.now()) == (), "the priority is that of the facts in the database"
        assert (case.author_id, case.organization_id) == case.subject.holder_ids()
        assert report.snapshot.author_name


def test_a_plain_first_report_is_one_statement(comment, reporter, clause, django_assert_max_num_queries):
    receive_report(comment, clause=clause("spam"), text="Why.", actor=reporter)  # what is kept for the process
    other = type(comment).objects.select_related("author", "discussion__repository__namespace").get(position=1)
    with django_assert_max_num_queries(6):  # savepoint twice, reporter, words, rows; the weights now and then
        receive_report(other, clause=clause("spam"), text="Why.", actor=reporter)


@pytest.mark.parametrize("why", ["lane", "deadline", "danger", "trusted", "public", "known"])
def test_what_is_less_plain_goes_the_long_way(why, comment, repository, reporter, owner, clause, monkeypatch):
    said, details, target = clause("harassment"), NO_DETAILS, comment
    if why == "lane":
        said.lane = Lane.objects.get(code="senior")
        said.save()
    elif why == "deadline":
        said.decide_within = timedelta(hours=1)
        said.save()
    elif why == "danger":
        details = replace(NO_DETAILS, danger=True)
    elif why == "trusted":
        TrustedFlagger.objects.create(user=reporter, organization="A helpline")
    elif why == "public":
        target = repository
        said.publicity = said.Publicity.YES
        said.save()
    else:
        receive_report(comment, clause=said, text="Why.", actor=owner)
    report = receive_report(target, clause=said, text="Why.", actor=reporter, details=details)
    case = Case.objects.get(case_reports__report=report)
    assert case.report_count == (2 if why == "known" else 1)
    assert (case.lane is not None) == (why in ("lane", "danger", "trusted"))
    assert (case.due_at is not None) >= (why == "deadline")
    assert (report.discussion is not None) == (why == "public")
    assert recompute(case, clock.now()) == ()


def test_the_request_id_of_somebody_else_is_refused_and_no_fault(comment, repository, reporter, make_user, clause):
    """It is not looked for where only one's own reports are asked for."""
    key = uuid.uuid4()
    said = {"clause": clause("malware"), "text": "Why.", "confidential": True, "request_id": key}
    receive_report(comment, **said, actor=reporter)
    with pytest.raises(KeyReused):
        receive_report(repository, **said, actor=make_user("late"))
    assert Report.objects.count() == 1


def test_a_thing_forgets_what_was_taken_back(comment, reporter, clause):
    with transaction.atomic():
        receive_report(comment, clause=clause("spam"), text="Why.", actor=reporter)
        transaction.set_rollback(True)
    report = receive_report(comment, clause=clause("spam"), text="Why.", actor=reporter)
    assert Report.objects.get().subject == report.subject


@concurrent
def test_two_first_reports_at_once_are_one_case(comment, make_user, clause):
    people = [make_user(f"person-{number}") for number in range(4)]
    said = clause("spam")

    start = threading.Barrier(len(people))

    def file(person):
        mine = type(comment).objects.select_related("author", "discussion__repository__namespace").get(pk=comment.pk)
        start.wait(10)
        try:
            receive_report(mine, clause=said, text="Why.", actor=person)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case = Case.objects.get()
    assert (case.report_count, case.case_reports.count(), case.event_count) == (4, 4, 4)
    assert recompute(case, clock.now()) == ()
