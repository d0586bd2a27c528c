"""A further report of a thing whose case is open goes a short way: it writes what the long way writes, and no more."""

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from community.actions import edit_comment
from foundation import clock
from foundation.models import Change
from moderation.cases.actions import joining, receive, receive_report
from moderation.cases.actions.escalate import escalate
from moderation.cases.actions.looked_at import case_of
from moderation.cases.actions.snooze import snooze
from moderation.cases.models import Case, CaseReport, Event
from moderation.cases.priority import recompute
from moderation.cases.verify import find_faults
from moderation.policy.models import Lane
from moderation.reports.actions.filing import AlreadyReported
from moderation.reports.details import NO_DETAILS
from moderation.reports.models import Report, TrustedFlagger
from moderation.scoring.models import ScoreRequest
from moderation.subjects.lookup import find_target
from tests.cases.test_open_with_report import OWN
from tests.conftest import concurrent
from tests.processes import wait_until


@pytest.fixture
def reported(written, reporter, clause):
    """A new comment that `reporter` reported as spam."""
    numbers = count(1)

    def make():
        target = written(f"You people are all idiots, number {next(numbers)}.")
        receive_report(target, clause=clause("spam"), text="Why.", actor=reporter)
        return type(target).objects.select_related("author", "discussion__repository__namespace").get(pk=target.pk)

    return make


@pytest.fixture
def taken(monkeypatch):
    """Which way the reports went: what join_with gave of each."""
    given, short_way = [], joining.join_with

    def watched(*args, **options):
        given.append(short_way(*args, **options))
        return given[-1]

    monkeypatch.setattr(receive, "join_with", watched)
    return given


def rows_of(report):
    case = Case.objects.get(case_reports__report=report)
    event = Event.objects.filter(case=case).latest("number")
    assert event.data.pop("report") == report.public_id.hex
    event.rows = sorted(name.partition(":")[0] for name in event.rows)
    rows = [case, event, Report.objects.get(pk=report.pk), CaseReport.objects.get(report=report)]
    mine = {*OWN, "previous"}
    found = [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname not in mine}
        for row in rows
    ]
    told = Change.objects.filter(object_id=case.pk, kind="report.received", actor_id=report.reporter_id).count()
    return [*found, told, ScoreRequest.objects.filter(snapshot=report.snapshot).count()]


@pytest.mark.parametrize("code", ["spam", "harassment", "malware"])
def test_the_short_way_writes_what_the_long_way_writes(code, reported, taken, owner, clause, monkeypatch):
    said = {"clause": clause(code), "text": "Why.", "actor": owner, "confidential": True}
    short = receive_report(reported(), **said)
    target = reported()
    monkeypatch.setattr(receive, "join_with", lambda *args, **options: None)
    long = receive_report(target, **said)
    assert taken == [short]
    assert rows_of(short) == rows_of(long)
    assert list(find_faults()) == []
    for report in (short, long):
        case = Case.objects.get(case_reports__report=report)
        assert (case.report_count, recompute(case, clock.now())) == (2, ())


def test_a_plain_further_report_is_five_statements_after_what_is_known_of_the_reporter(reported, owner, clause, taken):
    said = {"clause": clause("spam"), "text": "Why.", "actor": owner}
    receive_report(reported(), **said)  # what is kept for the process
    target = find_target("comment", reported().public_id, viewer=owner)
    with CaptureQueriesContext(connection) as asked:
        receive_report(target, **said)
    # Savepoint twice, the reporter, what opening tried; then the case, the moment, the rows, the facts, the case.
    assert len(asked) == 8, [one["sql"] for one in asked]
    assert all(taken)


def test_the_same_report_again_is_refused_and_nothing_is_written(reported, reporter, clause, taken):
    target = reported()
    before = Case.objects.get(subject__comment=target)
    with pytest.raises(AlreadyReported):
        receive_report(target, clause=clause("spam"), text="Again.", actor=reporter)
    after = Case.objects.get(pk=before.pk)
    assert (after.event_count, after.report_count, Report.objects.count()) == (before.event_count, 1, 1)


@pytest.mark.parametrize(
    "why", ["lane", "deadline", "danger", "trusted", "parked", "escalated", "edited", "sealed before"]
)
def test_what_is_less_plain_goes_the_long_way(why, reported, owner, author, moderator, clause, taken):
    said, details, target = clause("spam"), NO_DETAILS, reported()
    case = Case.objects.get(subject__comment=target)
    if why == "lane":
        said.lane = Lane.objects.get(code="senior")
        said.save()
    elif why == "deadline":
        said.decide_within = timedelta(hours=1)
        said.save()
    elif why == "danger":
        details = replace(NO_DETAILS, danger=True)
    elif why == "trusted":
        TrustedFlagger.objects.create(user=owner, organization="A helpline")
    elif why == "parked":
        snooze(case, until=clock.now() + timedelta(days=1), reason="We wait for an answer.", actor=moderator)
    elif why == "escalated":
        escalate(case, Lane.objects.get(code="senior"), reason="Please look at it with me.", actor=moderator)
    elif why == "edited":
        edit_comment(target, text="You people are all wonderful, and I was wrong.", actor=author)
    else:
        earlier = Case.objects.create(
            subject=case.subject, subject_kind="comment", clause=said, state="decided", decided_at=clock.now(),
            lane=Lane.objects.filter(sealed=True).first(),
        )  # fmt: skip
        assert earlier.lane
    report = receive_report(target, clause=said, text="Why.", actor=owner, details=details)
    assert taken == [None]
    case.refresh_from_db()
    assert (case.report_count, CaseReport.objects.get(report=report).case_id) == (2, case.pk)
    assert recompute(case, clock.now()) == ()


def test_what_is_imported_has_the_moment_of_its_history(reported, owner, clause, taken):
    target, past = reported(), clock.now() - timedelta(days=5)
    with clock.importing(past):
        report = receive_report(target, clause=clause("spam"), text="Why.", actor=owner)
    assert taken == [None]
    assert Event.objects.filter(case__case_reports__report=report).latest("number").at == past


@pytest.fixture
def meanwhile():
    """meanwhile(work): does `work` in a thread of its own, and goes on once the database lets it wait."""
    threads = []

    def start(work):
        def run():
            try:
                work()
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        threads.append(thread)
        thread.start()
        wait_until(_somebody_waits, why="the one who waits for the row")

    yield start
    for thread in threads:
        thread.join(60)


def _somebody_waits():
    with connection.cursor() as cursor:
        # Within a transaction the activity is read once: whoever connected since would never be seen.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database())"
        )
        return cursor.fetchone()[0]


@concurrent
def test_a_report_that_waits_while_the_case_comes_into_a_lane_follows_it(
    reported, owner, moderator, clause, taken, meanwhile
):
    target = reported()
    case = Case.objects.get(subject__comment=target)
    with transaction.atomic():
        escalate(case, Lane.objects.get(code="senior"), reason="Please look at it with me.", actor=moderator)
        meanwhile(lambda: receive_report(target, clause=clause("spam"), text="Why.", actor=owner))
    wait_until(lambda: Report.objects.filter(reporter=owner).exists(), why="the report")
    assert taken == [None]
    case.refresh_from_db()
    assert (case.lane.code, case.report_count) == ("senior", 2)


def test_who_acts_directly_waits_for_the_case_before_the_content_is_kept(reported, author, moderator, clause):
    """As reports do: two who write in another order would wait for each other."""
    target = reported()
    edit_comment(target, text="You people are all wonderful, and I was wrong.", actor=author)
    subject = Case.objects.get(subject__comment=target).subject
    with CaptureQueriesContext(connection) as asked:
        case_of(subject, clause=clause("spam"), actor=moderator)
    wrote = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"] or "INSERT INTO" in one["sql"]]
    assert "FOR UPDATE" in wrote[0]
    assert subject.snapshots.count() == 2
