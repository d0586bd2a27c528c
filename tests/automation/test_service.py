"""The scorer as a service: killed at any moment it loses nothing, asked to stop it saves what it began (H1, L3)."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections

from classifiers.files.classifier import FileClassifier
from foundation.models import Change
from moderation.automation import batches
from moderation.automation.service import Service
from moderation.scoring import leases
from moderation.scoring.models import Score, ScoreRequest
from tests.conftest import concurrent
from tests.processes import database_url, kill, wait_until


@contextmanager
def scorer(folder):
    """A real one, ready."""
    log = folder / f"scorer-{time.monotonic_ns()}.log"
    environment = dict(os.environ) | {
        "DATABASE_URL": database_url(),
        "BROKER_URL": database_url(),
        "OMBUD_DATA": str(folder / "var"),
        "OMBUD_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "score"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "The scorer is ready" in log.read_text(), why=f"the scorer; see {log}", seconds=90)
        yield process
    finally:
        kill(process)


def done() -> int:
    return ScoreRequest.objects.filter(done_at__isnull=False).count()


@pytest.mark.slow
@concurrent
def test_killed_in_the_middle_it_loses_nothing_and_stops_gracefully(tmp_path, report, written, pass_time):
    for number in range(40):
        report(written(f"{number}: what a stupid idea, you idiot. " * 100))
    with scorer(tmp_path) as first:
        wait_until(lambda: ScoreRequest.objects.filter(lease__isnull=False).exists(), why="a claim")
        kill(first)
    assert done() < 40
    assert ScoreRequest.objects.filter(done_at=None, lease__isnull=False).exists(), "killed with work in hand"
    pass_time(leases.LEASE + timedelta(seconds=1))
    with scorer(tmp_path) as second:
        wait_until(lambda: done() == 40, why="the rest", seconds=120)
        began = time.monotonic()
        report(written("One more, you idiot."))
        wait_until(lambda: done() == 41, why="one report")
        assert time.monotonic() - began < 2
        second.send_signal(signal.SIGTERM)
        assert second.wait(20) == 0
    assert Score.objects.count() == 41 * 9
    assert Change.objects.filter(kind="snapshot.scored").count() == 41


@contextmanager
def running():
    """A service in this process."""
    service = Service()

    def run():
        try:
            service.run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield service
    finally:
        service.stop()
        thread.join(30)
        assert not thread.is_alive()


@concurrent
def test_a_poisoned_text_holds_up_no_other(report, written):
    texts = [
        report(written(f"Number {number}, you idiot.")).case_reports.get().report.snapshot_id for number in range(4)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE scoring_score ADD CONSTRAINT poison CHECK (snapshot_id <> {texts[2]})")
    try:
        with running():
            wait_until(lambda: done() == 3 and ScoreRequest.objects.exclude(last_error="").exists(), why="three")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE scoring_score DROP CONSTRAINT poison")
    left = ScoreRequest.objects.get(done_at=None)
    assert (left.snapshot_id, left.lease) == (texts[2], None)
    assert "poison" in left.last_error


@concurrent
def test_too_little_memory_halves_the_batch(report, written, monkeypatch):
    for number in range(5):
        report(written(f"Number {number} is an idiot."))
    [ready], _rows = batches.ready_ones()
    sizes = []

    class Small:
        provenance = ready.classifier.provenance

        def read(self, items):
            sizes.append(len(items))
            if len(items) > 2:
                raise MemoryError
            return ready.classifier.read(items)

    monkeypatch.setattr(batches, "loaded", lambda row: Small())
    with running():
        wait_until(lambda: done() == 5, why="all of them")
    assert sizes == [5, 2, 3, 1, 2]
    assert not ScoreRequest.objects.exclude(last_error="").exists()


@concurrent
def test_what_takes_longer_than_its_lease_stays_ours(report, comment, monkeypatch):
    report(comment)
    [ready], _rows = batches.ready_ones()
    reading, go = threading.Event(), threading.Event()

    class Slow:
        provenance = ready.classifier.provenance

        def read(self, items):
            reading.set()
            go.wait(20)
            return ready.classifier.read(items)

    monkeypatch.setattr(batches, "loaded", lambda row: Slow())
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=3))
    with running():
        assert reading.wait(20)
        first = ScoreRequest.objects.get().lease_until
        wait_until(lambda: ScoreRequest.objects.get().lease_until > first, why="the lease renewed")
        go.set()
        wait_until(lambda: done() == 1, why="the scores")
    assert ScoreRequest.objects.get().attempts == 1


@concurrent
def test_what_it_did_not_begin_is_free_at_once_when_it_stops(report, written, monkeypatch):
    for number in range(6):
        report(written(f"Number {number} is an idiot."))
    [ready], _rows = batches.ready_ones()
    reading, go = threading.Event(), threading.Event()

    class Slow:
        provenance = ready.classifier.provenance

        def read(self, items):
            reading.set()
            go.wait(20)
            return ready.classifier.read(items)

    monkeypatch.setattr(batches, "loaded", lambda row: Slow())
    monkeypatch.setattr("moderation.automation.service.BATCH", 2)
    with running() as service:
        assert reading.wait(20)
        wait_until(lambda: ScoreRequest.objects.filter(lease=None).count() == 0, why="all of them fetched")
        service.stop()
        go.set()
    assert done() == 2
    assert ScoreRequest.objects.filter(done_at=None, lease=None, attempts=0).count() == 4


@concurrent
def test_many_files_do_not_hold_up_a_text(report, written, settings, monkeypatch):
    settings.CLASSIFIERS = [
        {"name": "files", "kind": "file", "engine": "files"},
        {"name": "text", "kind": "text", "engine": "encoder-head"},
    ]
    batches.ready_ones()
    snapshots = [report(written(f"note {n}")).case_reports.get().report.snapshot for n in range(12)]
    ScoreRequest.objects.all().delete()
    ScoreRequest.objects.bulk_create(ScoreRequest(snapshot=one, classifier="files@1") for one in snapshots)
    monkeypatch.setattr(batches, "item_of", lambda kind, snapshot: b"x")
    read = FileClassifier.read

    def slow(self, items):
        time.sleep(0.25)
        return read(self, items)

    monkeypatch.setattr(FileClassifier, "read", slow)
    with running():
        wait_until(lambda: done() > 0, why="the first file")
        report(written("you idiot"))
        wait_until(lambda: Score.objects.filter(label="toxicity").exists(), why="the text")
        assert ScoreRequest.objects.filter(classifier="files@1", done_at=None).count() >= 6


@concurrent
def test_what_hangs_ends_the_scorer_and_is_left_to_run_out(report, comment, monkeypatch):
    report(comment)
    [ready], _rows = batches.ready_ones()
    go, ended = threading.Event(), threading.Event()

    class Hangs:
        provenance = ready.classifier.provenance

        def read(self, items):
            go.wait(20)
            return ready.classifier.read(items)

    monkeypatch.setattr(batches, "loaded", lambda row: Hangs())
    monkeypatch.setattr("moderation.automation.service.HUNG", 0.2)
    monkeypatch.setattr("moderation.automation.service.end_process", ended.set)
    with running() as service:
        assert ended.wait(10)
        assert service.failed
        assert ScoreRequest.objects.get().attempts == 1
        go.set()


@concurrent
def test_a_suspect_is_computed_while_nothing_else_is_in_hand(report, written, monkeypatch):
    for number in range(4):
        report(written(f"Number {number} is an idiot."))
    suspect = ScoreRequest.objects.order_by("due_at", "pk")[1]
    ScoreRequest.objects.filter(pk=suspect.pk).update(attempts=5)
    [ready], _rows = batches.ready_ones()
    beside = []

    class Watched:
        provenance = ready.classifier.provenance

        def read(self, items):
            if len(items) == 1:
                beside.append(ScoreRequest.objects.filter(lease__isnull=False).count())
                connection.close()
            return ready.classifier.read(items)

    monkeypatch.setattr(batches, "loaded", lambda row: Watched())
    with running():
        wait_until(lambda: done() == 4, why="all of them")
    assert beside == [1]
