"""Bells: after the commit, many rings one message, and a dead broker never in the way."""

import threading
import time

import dramatiq
from django.db import transaction
from dramatiq.brokers.stub import StubBroker

from foundation import bells
from tests.conftest import concurrent


class Counting(StubBroker):
    def __init__(self) -> None:
        super().__init__(middleware=[])
        self.names: list[str] = []

    def enqueue(self, message, *, delay=None):
        self.names.append(message.actor_name)
        return message


class Dead(StubBroker):
    """Blocks whoever rings, as brokers do whose server is gone, until the test lets go; then fails."""

    def __init__(self) -> None:
        super().__init__(middleware=[])
        self.let_go = threading.Event()

    def enqueue(self, message, *, delay=None):
        self.let_go.wait(60)
        raise ConnectionError("nobody there")


def wait_for(names: list[str], count: int) -> None:
    deadline = time.monotonic() + 5
    while len(names) < count and time.monotonic() < deadline:
        time.sleep(0.01)


@concurrent
def test_rings_after_the_commit_only(monkeypatch) -> None:
    broker = Counting()
    monkeypatch.setattr(dramatiq.broker, "global_broker", broker)
    with transaction.atomic():
        bells.ring("send_mail")
        transaction.set_rollback(True)
    with transaction.atomic():
        bells.ring("deadlines")
        time.sleep(0.05)
        assert "deadlines" not in broker.names
    deadline = time.monotonic() + 5
    while "deadlines" not in broker.names and time.monotonic() < deadline:
        time.sleep(0.01)
    # What tests before this one rang for may still come in.
    assert broker.names.count("deadlines") == 1
    assert "send_mail" not in broker.names


@concurrent
def test_a_dead_broker_neither_fails_nor_delays_the_caller(monkeypatch, caplog) -> None:
    broker = Dead()
    monkeypatch.setattr(dramatiq.broker, "global_broker", broker)
    began = time.monotonic()
    with transaction.atomic():
        bells.ring("send_mail")
    assert time.monotonic() - began < 0.5
    broker.let_go.set()
    deadline = time.monotonic() + 5
    while "could not be rung" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "could not be rung" in caplog.text


@concurrent
def test_a_burst_is_one_message_a_name(monkeypatch) -> None:
    broker = Counting()
    monkeypatch.setattr(dramatiq.broker, "global_broker", broker)
    monkeypatch.setattr(bells, "GATHER", 0.5)
    for _number in range(50):
        bells.ring("send_mail")
    wait_for(broker.names, 1)
    time.sleep(0.6)
    assert broker.names.count("send_mail") == 1
