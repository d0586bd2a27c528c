"""A worker of gunicorn whose threads stay with a connection for a moment after an answer.

gunicorn's own hands each kept connection back to its main loop and each request to whichever thread is free: for a
program that asks again at once, that is two changes of threads a request, and another session of the database each
time, whose caches are cold. A quarter of the processor time of a page was that (`make bench-desk`).
"""

import os
import select
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

STAY_MS = 100


class StayingWorker(ThreadWorker):
    """gthread, but that the thread waits up to STAY_MS for the next request on the connection it answered.

    Nobody waits for a thread that stays: where all threads are taken, one of those that stay is called away, and its
    connection goes back to the main loop as ever.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = 0  # connections that threads have, or wait for a thread; of the main loop only

    def init_process(self) -> None:
        # After the fork: each worker calls its own threads.
        self._called, self._call = os.pipe()
        for end in (self._called, self._call):
            os.set_blocking(end, False)
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        self._taken += 1
        super().enqueue_req(conn)
        if self._taken > self.cfg.threads:
            # Nobody may be staying: then the next one who would finds this call and does not. A full pipe calls enough.
            with suppress(BlockingIOError):
                os.write(self._call, b"\0")

    def finish_request(self, conn: Any, fs: Any) -> None:
        self._taken -= 1
        super().finish_request(conn, fs)

    def handle(self, conn: Any) -> Any:
        again = super().handle(conn)
        while again is True and self.alive and not conn.is_http2 and self._comes(conn):
            again = super().handle(conn)
        return again

    def _comes(self, conn: Any) -> bool:
        """Whether the next request is there, or comes before somebody calls and before STAY_MS are over."""
        if conn.parser.unreader.buf.getvalue():  # sent together with the one before
            return True
        waiting = select.poll()
        waiting.register(conn.sock, select.POLLIN)
        waiting.register(self._called, select.POLLIN)
        found = dict(waiting.poll(STAY_MS))
        if conn.sock.fileno() in found:
            return True
        if self._called in found:
            with suppress(BlockingIOError):  # somebody else was quicker
                os.read(self._called, 1)
        return False
