"""A copy of the launcher with the stub project beside it, as a person at a terminal uses it."""

import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from launcher.leftovers import end_leftovers
from launcher.places import CHECKOUT
from tests.launcher import stub

PATIENCE = 30.0  # seconds; the machine may be busy


class Project:
    """`prefix` is put before the command, to run it as somebody else."""

    def __init__(self, folder: Path, prefix: list[str] | None = None) -> None:
        self.folder = folder
        self.prefix = prefix or []
        self.data = folder / "var"
        self.port = free_port()
        self.screens = itertools.count()
        self.screen = folder / "screen.txt"
        self.homes: list[Path] = []
        shutil.copytree(CHECKOUT / "launcher", folder / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
        stub.write(folder)

    def environment(self, **more: str) -> dict[str, str]:
        ours = ("OMBUD_DATA", "OMBUD_ENV", "OMBUD_EVENTS_URL")
        hidden = ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "MAKELEVEL", *ours)
        return {name: value for name, value in os.environ.items() if name not in hidden} | more

    def launch(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        """`python -m launcher ARGUMENTS` in the background, its output in a file of its own."""
        variables = more.pop("env", {})
        self.screen = self.folder / f"screen-{next(self.screens)}.txt"
        with self.screen.open("wb") as screen:
            return subprocess.Popen(
                [*self.prefix, sys.executable, "-m", "launcher", *arguments],
                cwd=self.folder,
                env=self.environment(PYTHONDONTWRITEBYTECODE="1", **variables),
                stdout=screen,
                stderr=subprocess.STDOUT,
                **more,
            )

    def start(self, **more: Any) -> subprocess.Popen[bytes]:
        """`make run`, and wait until it says that it runs."""
        process = self.launch("run", "--port", str(self.port), **more)
        until(lambda: "Ombud is running" in self.said() or process.poll() is not None)
        assert process.poll() is None, self.said()
        return process

    def refused(self, *arguments: str, **more: Any) -> str:
        """What the launcher says while it refuses."""
        process = self.launch(*(arguments or ("run", "--port", str(self.port))), **more)
        assert process.wait(PATIENCE) == 1, self.said()
        return self.said()

    def said(self) -> str:
        return self.screen.read_text()

    def page(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
            return str(answer.read().decode())

    def events(self) -> str:
        """What the events process says, on the first free port after that of the pages."""
        address = re.search(r"http://127.0.0.1:\d+", self.addresses()["events"]).group()
        with urllib.request.urlopen(address, timeout=5) as answer:
            return str(answer.read().decode())

    def addresses(self) -> dict[str, str]:
        content: dict[str, str] = json.loads((self.data / "run.json").read_text())
        return content

    def processes(self) -> list[str]:
        """The commands of all processes that work in the project or in its database."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if (entry / "cwd").readlink().is_relative_to(self.folder) or self.owns(entry):
                    found.append(f"{entry.name} {(entry / 'cmdline').read_text()}".replace("\0", " "))
            except OSError:
                continue
        return found

    def owns(self, entry: Path) -> bool:
        return any((entry / "cwd").readlink().is_relative_to(home) for home in self.homes)

    def pids(self, pattern: str) -> list[int]:
        return [int(line.split()[0]) for line in self.processes() if re.search(pattern, line)]

    def clean(self) -> None:
        for pid in self.pids("launcher run"):
            os.kill(pid, signal.SIGKILL)
        for home in self.homes:
            end_leftovers(home / "cluster" / "data")
            shutil.rmtree(home, ignore_errors=True)


def stop(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGINT) -> int:
    """Send the signal and wait; the exit status."""
    process.send_signal(number)
    return process.wait(PATIENCE)


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for `condition`, fail after `seconds`. An unreachable page counts as not yet."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"Waited {seconds} s in vain.")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
