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
    assert Score.objects.count() == 41 * 3
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
