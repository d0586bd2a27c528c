"""Faults on the way: a worker killed with -9, the database restarted as in a crash, the broker emptied."""

import os
import signal
import subprocess

from launcher.child import Child, say
from launcher.postgres import Postgres
from launcher.supervise import Team


class Faults:
    """Three faults, each once, when a part of the work is done; `done` names those that happened."""

    def __init__(self, server: Postgres, team: Team, workers: Child) -> None:
        self.server, self.team, self.workers = server, team, workers
        self.done: list[str] = []

    def look(self, finished: int, total: int) -> None:
        """Do what is due at `finished` of `total`."""
        steps = [(0.2, "worker killed", self._kill), (0.45, "database restarted", self._restart)]
        steps.append((0.7, "broker emptied", self._empty))
        for share, name, act in steps:
            if name not in self.done and finished >= share * total:
                say(f"FAULT: {name}")
                act()
                self.done.append(name)
                return

    def _kill(self) -> None:
        kill_hard(self.workers)

    def _restart(self) -> None:
        self.server.restart(immediate=True)

    def _empty(self) -> None:
        gone = self.server.psql("WITH gone AS (DELETE FROM dramatiq.queue RETURNING 1) SELECT count(*) FROM gone")
        say(f"{gone} messages are gone")


def kill_hard(workers: Child) -> None:
    """Kill the processes that work, not only their master: without a chance to give anything back."""
    found = subprocess.run(["pgrep", "-P", str(workers.pid)], capture_output=True, text=True, check=False)
    for pid in [*found.stdout.split(), str(workers.pid)]:
        os.kill(int(pid), signal.SIGKILL)
