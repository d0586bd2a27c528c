"""The embedded broker in a process that was forked: the web server loads the code once, then forks its workers."""

import os
import threading
from typing import Any

from dramatiq_postgres import PostgresBroker
from dramatiq_postgres.utils import make_pool
from psycopg_pool import ConnectionPool


class ForkedBroker(PostgresBroker):
    """Messages in PostgreSQL, through a pool of connections that each process opens for itself.

    A pool's threads stay behind in the process that forked: whoever asks the copy for a connection waits in vain.
    """

    def __init__(self, *, url: str, **options: Any) -> None:
        self._address, self._opening = url, threading.Lock()
        self._opened: tuple[int, ConnectionPool] | None = None
        super().__init__(url=url, **options)

    @property
    def pool(self) -> ConnectionPool:
        """The pool of this process."""
        with self._opening:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = os.getpid(), make_pool(self._address)
            return self._opened[1]

    @pool.setter
    def pool(self, opened: ConnectionPool) -> None:
        self._opened = os.getpid(), opened
