"""Processor time of a web server and a database, to the nanosecond: what a short round of requests costs."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

from launcher.child import Child
from launcher.postgres import Postgres


class Spent:
    """Seconds of processor time of both, with all their processes and threads.

    Of processes that ended (the database's own, that clean up) the kernel says it to a hundredth of a second only: for
    servers whose workers and sessions stay meanwhile.
    """

    def __init__(self, server: Postgres, web: Child) -> None:
        assert server.child is not None, "the server runs"
        self._pids = web.pid, server.child.pid

    def so_far(self) -> tuple[float, float]:
        """Of the web server, and of the database."""
        web, database = map(family, self._pids)
        return web, database


def pace() -> float:
    """Microseconds of processor time that a fixed piece of Python takes now, the least of five tries.

    Beside a figure it says how fast the machine was: shared ones differ by a half from one minute to the next.
    """
    numbers = {str(one): list(range(one)) for one in range(40)}

    def once() -> float:
        began = time.process_time_ns()
        for _again in range(100):
            json.loads(json.dumps(numbers))
        return (time.process_time_ns() - began) / 100_000

    return min(once() for _try in range(5))


def family(pid: int) -> float:
    """Seconds of processor time of a process and its children, with all their threads."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ended = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[13:15]
    running = sum(_threads(one) for one in (str(pid), *children)) / 1e9
    return running + sum(map(int, ended)) / os.sysconf("SC_CLK_TCK")


def _threads(pid: str) -> int:
    spent = 0
    with suppress(FileNotFoundError):  # it ended meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            spent += int((task / "schedstat").read_text().split()[0])
    return spent
