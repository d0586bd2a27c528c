"""Asks for events and claims once they are committed: one connection per process, for all lines."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from moderation.cases.live.reading import HOLDERS, NEWEST, Holders, Reader

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two questions
LONGEST_PAUSE = 5.0


async def listen(*, heard: Callable[[str], None], back: Callable[[], None]) -> None:
    """Give each event and claim to `heard`, and call `back` whenever the connection stands (again); never ends."""
    pause = 0.1
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as line:
                newest = await (await line.execute(NEWEST)).fetchone()
                reader = Reader(newest[0] if newest else 0)
                holders = Holders(await (await line.execute(HOLDERS)).fetchall())
                back()
                pause = 0.1
                while True:
                    await asyncio.sleep(PAUSE)
                    events = await (await line.execute(*reader.question())).fetchall()
                    for case in reader.take(events, time.monotonic()):
                        heard(f"event {case}")
                    for case in holders.take(await (await line.execute(HOLDERS)).fetchall()):
                        heard(f"claim {case}")
        except (psycopg.Error, OSError) as error:
            log.warning("No line to the database: %s; trying again in %.1f s.", str(error).strip(), pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _address() -> dict[str, Any]:
    """What Django connects with, without what only its own connections understand."""
    own = {"cursor_factory", "context", "prepare_threshold"}
    return {name: value for name, value in connection.get_connection_params().items() if name not in own} | {
        "application_name": "ombud events",
        "connect_timeout": 10,
    }
