"""A message is only a bell: "there is work", sent by the actor's name after the commit (architecture, idea 2).

Ringing never fails and never waits: the name goes into a set, a thread of this process sends it. Whatever is lost on
the way, the sweep rings again within a minute.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import dramatiq
from django.conf import settings
from django.db import transaction
from dramatiq import Message

logger = logging.getLogger(__name__)
QUEUE: str = settings.BELL_QUEUE
# Seconds: a ring waits for others that come with it, and after a message the next one waits a little. So one alone is
# heard at once, and under a flood of them few messages are sent.
GATHER, PAUSE = 0.02, 0.25
rung: set[str] = set()  # every name this process ever rang; a test compares it with the actors
answered: dict[str, Callable[[], None]] = {}
_waiting: set[str] = set()
_wake = threading.Condition()
_ringer: tuple[int, threading.Thread] | None = None


def answers(name: str) -> Callable[[Callable[[], object]], "dramatiq.Actor[[], Any]"]:
    """Declare the function that answers the bell `name`. Raises ValueError when the name is taken."""

    def declare(function: Callable[[], object]) -> "dramatiq.Actor[[], Any]":
        if name in answered:
            raise ValueError(f"Two functions answer the bell {name!r}.")

        def actor() -> None:
            function()

        answered[name] = actor
        return dramatiq.actor(actor_name=name, queue_name=QUEUE)(actor)

    return declare


def ring(name: str) -> None:
    """Ring the bell `name` when the current transaction has committed; at once outside of one."""
    rung.add(name)
    transaction.on_commit(lambda: _ring_soon(name), robust=True)


def ring_all() -> None:
    """Ring every bell that is answered here: the sweep that finds whatever a lost message left lying (L3)."""
    for name in answered:
        _ring_soon(name)


def _ring_soon(name: str) -> None:
    global _ringer
    with _wake:
        _waiting.add(name)
        # A forked server has the parent's variable but not its thread.
        if _ringer is None or _ringer[0] != os.getpid() or not _ringer[1].is_alive():
            thread = threading.Thread(target=_send_forever, name="bells", daemon=True)
            _ringer = (os.getpid(), thread)
            thread.start()
        _wake.notify()


def _send_forever() -> None:
    while True:
        with _wake:
            while not _waiting:
                _wake.wait()
        time.sleep(GATHER)  # a burst of rings becomes one message
        with _wake:
            names = sorted(_waiting)
            _waiting.clear()
        for name in names:
            try:
                _send(name)
            except Exception as error:  # noqa: BLE001 - the row is safe, only its bell is late
                logger.warning("The bell %s could not be rung (%s); the sweep will.", name, type(error).__name__)
        time.sleep(PAUSE)


def _send(name: str) -> None:
    message: Message[None] = Message(queue_name=QUEUE, actor_name=name, args=(), kwargs={}, options={})
    broker = dramatiq.get_broker()
    broker.declare_queue(QUEUE)
    broker.enqueue(message)
