"""The pipeline on each of the three brokers, with a real worker, when they answer on this machine (L1)."""

import socket
import uuid
from contextlib import closing

import dramatiq
import pytest

from community.actions import add_comment
from foundation.broker import make_broker
from moderation.cases.actions import receive_report
from moderation.scoring.models import Score
from tests.conftest import concurrent
from tests.processes import database_url, wait_until, worker

SERVERS = {"redis": ("redis://127.0.0.1:6379/7", 6379), "rabbitmq": ("amqp://guest:guest@127.0.0.1:5672", 5672)}


def address_of(broker: str) -> str:
    if broker == "postgresql":
        return database_url()
    url, port = SERVERS[broker]
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        pytest.skip(f"no {broker} answers on port {port}")
    return url


@pytest.mark.brokers
@concurrent
@pytest.mark.parametrize("broker", ["postgresql", "redis", "rabbitmq"])
def test_a_report_is_scored_through(broker, tmp_path, monkeypatch, discussion, author, reporter, clause) -> None:
    url, queue = address_of(broker), f"test-{uuid.uuid4().hex[:8]}"
    comment = add_comment(discussion, text="You people are idiots.", actor=author)
    monkeypatch.setattr("foundation.bells.QUEUE", queue)
    ringing = make_broker(url)
    monkeypatch.setattr(dramatiq.broker, "global_broker", ringing)
    with closing(ringing), worker(tmp_path, url, queue):
        report = receive_report(comment, clause=clause("harassment"), text="He insults us.", actor=reporter)
        wait_until(lambda: Score.objects.filter(snapshot=report.snapshot_id).exists(), why="the scores", seconds=20)
