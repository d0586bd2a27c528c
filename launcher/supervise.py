"""Keeps our processes running, and stops them in order."""

import time

from launcher.child import Child, Step, last_lines, say
from launcher.errors import LaunchError
from launcher.postgres import Postgres
from launcher.signals import StopFlag, shielded

LOOK_EVERY = 0.3  # seconds
HEALTHY_AFTER = 30.0  # seconds of running after which an end no longer counts as a failed start
TRIES = 4


class Team:
    """The running processes. They stop in the order in which they were added, the database last."""

    def __init__(self, stop_flag: StopFlag) -> None:
        self.stop_flag = stop_flag
        self.database: Postgres | None = None
        self.members: list[Child] = []
        self.started: dict[str, float] = {}
        self.failures: dict[str, int] = {}

    def add(self, member: Child) -> None:
        """Start `member` and keep it running from now on."""
        self.members.append(member)
        self._start(member)

    def _start(self, member: Child) -> None:
        self.started[member.name] = time.monotonic()
        member.start()

    def look_after(self) -> None:
        """Start again whatever ended. Raises LaunchError when one member ends TRIES times in a row.

        Dramatiq's master ends when one of its workers is killed, and a database may be killed too.
        """
        if self.database is not None and not self.database.running:
            self._count("database", 0)
            say("The database ended; starting it again ...")
            self.database.restart(immediate=True)
        for member in self.members:
            if member.running:
                continue
            ran = time.monotonic() - self.started[member.name]
            member.stop()  # what it left in its process group
            tries = self._count(member.name, ran)
            if tries >= TRIES:
                raise LaunchError(
                    f"The process '{member.name}' ended {tries} times in a row (exit status {member.code}). "
                    f"The end of its log:\n{last_lines(member.log) if member.log else ''}",
                    f"The whole log is {member.log}",
                )
            say(f"The process '{member.name}' ended with exit status {member.code}; starting it again ...")
            self.stop_flag.pause(0.2 * tries)
            self._start(member)

    def _count(self, name: str, ran: float) -> int:
        self.failures[name] = 1 if ran > HEALTHY_AFTER else self.failures.get(name, 0) + 1
        return self.failures[name]

    def run_until_asked_to_stop(self) -> None:
        """Look after everybody; ends with StopAskedError."""
        while True:
            self.stop_flag.pause(LOOK_EVERY)
            self.look_after()

    def stop(self) -> None:
        """Stop everybody, whatever signals come meanwhile."""
        with shielded():
            for member in self.members:
                if member.process is not None:
                    with Step(f"Stopping: {member.name}"):
                        member.stop()
            if self.database is not None and self.database.child is not None:
                with Step("Stopping: database"):
                    self.database.stop()
