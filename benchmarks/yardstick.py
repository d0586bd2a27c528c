"""How fast this machine is, at this minute, beside the one on which limits in milliseconds were set.

There `gunicorn` with threads answered 4,050 requests for a trivial view a second on one core; limits of processor time
are from that machine. Here the same view is asked for between the rounds of a benchmark, by 32 connections at once, so
that the server never waits: what it takes here beside what it took there turns a figure into milliseconds of that
machine. Both are printed.
"""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.processor_time import family
from launcher.child import Child
from launcher.port import LOOPBACK

THERE_MS = 1_000 / 4_050  # of processor time for one request
CONNECTIONS, REQUESTS, WARM_UP = 32, 1_280, 3_840
ASK = f"GET / HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()


class Yardstick:
    """Add `server` to a team before it is asked for anything."""

    def __init__(self, logs: Path) -> None:
        self._listener = socket.create_server((LOOPBACK, 0), backlog=64)
        descriptor = self._listener.fileno()
        # It stays quiet for as long as a round takes.
        options = f"--bind fd://{descriptor} --workers 1 --threads 4 --keep-alive 600 --no-control-socket"
        command = [sys.executable, "-m", "gunicorn", "benchmarks.trivial:application", "-k", "gthread"]
        command += options.split()
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.server = Child("yardstick", command, environment=environment, log=logs / "yardstick.log")
        self.server.echo, self.server.keep_open = False, (descriptor,)
        self._taken: list[float] = []
        self._connections: list[socket.socket] = []

    def take(self) -> None:
        """Ask so many times, and keep what one request took."""
        if not self._connections:
            self._ask(WARM_UP)
        before = family(self.server.pid)
        self._ask(REQUESTS)
        self._taken.append((family(self.server.pid) - before) / REQUESTS * 1000)

    @property
    def ms(self) -> float:
        """Milliseconds of processor time of one request: the lower quarter of what was taken, as of all figures."""
        return lower_quarter(self._taken)

    @property
    def there(self) -> float:
        """What milliseconds of this machine are multiplied by to be some of that one."""
        return THERE_MS / self.ms

    def _ask(self, times: int) -> None:
        """All connections ask, then all are answered: so there is always somebody to be served."""
        connections = self._open()
        for _round in range(times // CONNECTIONS):
            for one in connections:
                one.sendall(ASK)
            for one in connections:
                answer = b""
                while not answer.endswith(b"\r\n\r\nok"):
                    part = one.recv(4_096)
                    if not part:
                        raise ConnectionError(f"The yardstick ended after {answer!r}.")
                    answer += part

    def _open(self) -> Sequence[socket.socket]:
        address = self._listener.getsockname()
        while len(self._connections) < CONNECTIONS:
            self._connections.append(socket.create_connection(address, timeout=60))
        return self._connections


def lower_quarter(values: Sequence[float]) -> float:
    """The value that a quarter of them do not exceed."""
    return sorted(values)[len(values) // 4]
