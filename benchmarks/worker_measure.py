"""Claim and complete requests of the database of DATABASE_URL, then score reported comments; the last line is JSON."""

import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, connections, transaction  # noqa: E402

from benchmarks.score_texts import made_up  # noqa: E402
from classifiers.text import default_classifier  # noqa: E402
from community.actions import add_comment, open_discussion  # noqa: E402
from community.importing import import_repository, people  # noqa: E402
from foundation.work import claim, finish  # noqa: E402
from moderation.automation.batches import ready_ones  # noqa: E402
from moderation.automation.service import Service  # noqa: E402
from moderation.cases.actions import receive_report  # noqa: E402
from moderation.policy.models import Clause  # noqa: E402
from moderation.scoring.leases import LEASE, complete, take  # noqa: E402
from moderation.scoring.models import ScoreRequest  # noqa: E402
from moderation.subjects.actions import subject_of, take_snapshot  # noqa: E402

ITEMS, BATCH, ONES, ROUNDS = 32_768, 256, 512, 3
# Waits for nobody else: no classifier has this name.
QUEUE = "bench@1"
FILL = f"""
WITH snapshots AS (
    INSERT INTO subjects_snapshot (subject_id, part, revision, title, text, author_name, language, sealed)
    SELECT %s, 'text', 'bench ' || %s || ' ' || number, '', '', '', '', false FROM generate_series(1, %s) number
    RETURNING id)
INSERT INTO scoring_scorerequest (snapshot_id, classifier, attempts, last_error)
SELECT id, '{QUEUE}', 0, '' FROM snapshots
"""


def by_ids(size: int) -> int:
    token, keys = take(QUEUE, limit=size)
    if not keys:
        return 0
    with transaction.atomic():
        save_something()
        return len(complete(token, keys))


def without_queue() -> None:
    """The transaction that saves what was done: it is there whoever says what to do."""
    with transaction.atomic():
        save_something()


def save_something() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def by_rows(size: int) -> int:
    """What all other work does."""
    claimed = claim(ScoreRequest.objects.filter(classifier=QUEUE), limit=size, lease=LEASE)
    with transaction.atomic():
        save_something()
        return len(finish(claimed))


def queue() -> dict[str, Any]:
    """Microseconds of processor time an item, median of the rounds after the first.

    Beside the transaction that saves what was done, which is measured in turns and taken off.
    """
    subject = subject_of(import_repository("imports", "bench"))
    ways: dict[str, tuple[Callable[[int], int], int, int]] = {
        "ids": (by_ids, BATCH, ITEMS),
        "rows": (by_rows, BATCH, ITEMS),
        "one": (by_ids, 1, ONES),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    whole: dict[str, list[float]] = {}
    for round_ in range(ROUNDS + 1):
        for name, (way, size, items) in ways.items():
            with connection.cursor() as cursor:
                cursor.execute(FILL, [subject.pk, f"{name}{round_}", items])
                cursor.execute("ANALYZE scoring_scorerequest")
            client, database = time.process_time(), of_backend()
            done = 0
            while count := way(size):
                done += count
            assert done == items, (name, done)
            used = time.process_time() - client, of_backend() - database
            client, database = time.process_time(), of_backend()
            for _batch in range(items // size):
                without_queue()
            without = time.process_time() - client, of_backend() - database
            if round_:
                more = ((one - other) / items * 1e6 for one, other in zip(used, without, strict=True))
                whole.setdefault(name, []).append(used[0] / items * 1e6)
                found[name].append((next(more), next(more)))
    figures: dict[str, Any] = {
        name: {
            "client": round(statistics.median(client for client, _database in rounds), 2),
            "database": round(statistics.median(database for _client, database in rounds), 2),
            "with_transaction": round(statistics.median(whole[name]), 2),
        }
        for name, rounds in found.items()
    }
    figures["ratio"] = round(figures["rows"]["client"] / figures["ids"]["client"], 2)
    return figures


def of_backend() -> float:
    """Seconds of processor time of the process of the database that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def scoring(count: int) -> dict[str, Any]:
    """Texts a second of the service and of the bare classifier, each the median of the rounds after the first."""
    ready_ones()
    classifier = default_classifier()
    tokenizer = classifier._encoder.tokenizer
    repository = import_repository("imports", "texts")
    author, reporter = people("bench", 2)
    discussion = open_discussion(repository, title="One", text="One.", actor=author)
    clause = Clause.objects.get(code="harassment")
    bare: list[float] = []
    service: list[float] = []
    bare_used: list[float] = []
    service_used: list[float] = []
    most = count
    for round_ in range(ROUNDS + 1):
        count = most if round_ else most // 8
        # Numbered, so that no cache knows one of them.
        texts = [f"{round_}-{n}: {text}" for n, text in enumerate(made_up(2 * count, tokenizer, seed=round_))]
        began, used = time.perf_counter(), time.process_time()
        classifier.read(texts[:count])
        bare.append(count / (time.perf_counter() - began))
        bare_used.append((time.process_time() - used) / count)
        for text in texts[count:]:
            comment = add_comment(discussion, text=text, actor=author)
            take_snapshot(subject_of(comment))
            receive_report(comment, clause=clause, text="This.", actor=reporter)
        used = time.process_time()
        service.append(count / seconds_of_service(count))
        service_used.append((time.process_time() - used) / count)
    left = ScoreRequest.objects.filter(classifier="text", done_at=None).count()
    return {
        "bare": round(statistics.median(bare[1:]), 1),
        "service": round(statistics.median(service[1:]), 1),
        "share": round(statistics.median(one / other for one, other in zip(service[1:], bare[1:], strict=True)), 3),
        "bare_ms": round(statistics.median(bare_used[1:]) * 1000, 2),
        "service_ms": round(statistics.median(service_used[1:]) * 1000, 2),
        "share_of_time": round(
            statistics.median(one / other for one, other in zip(bare_used[1:], service_used[1:], strict=True)), 3
        ),
        "left": left + ScoreRequest.objects.exclude(last_error="").count(),
    }


def seconds_of_service(count: int) -> float:
    service = Service()
    began: list[float] = []

    def work() -> None:
        service.run(on_ready=lambda: began.append(time.perf_counter()))
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    while service.saved < count and thread.is_alive():
        time.sleep(0.02)
    taken = time.perf_counter() - began[0]
    service.stop()
    thread.join()
    return taken


if __name__ == "__main__":
    with transaction.atomic():
        pass  # connects before anything is measured
    print(json.dumps({"queue": queue(), "scoring": scoring(int(sys.argv[1]))}))
