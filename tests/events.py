"""The events process for tests: in a thread of its own, or a process that tests may kill; and a client that reads."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from django.conf import settings
from django.test import Client

from moderation.cases.live.server import Events
from tests.processes import database_url, wait_until


class Line:
    """An open line, read as a browser reads it."""

    def __init__(self, port: int, client: Client | None, query: str = "", **headers: str) -> None:
        cookies = client.cookies if client else {}
        sent = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.connection.request(
            "GET", f"/events{query}", headers=sent | {k.replace("_", "-"): v for k, v in headers.items()}
        )
        self.answer = self.connection.getresponse()

    def hear(self, *wanted: str) -> tuple[str, str]:
        """The next event and its data, beats left out; of the kinds `wanted` only, when there are any."""
        event = ""
        while line := self.answer.readline().decode():
            name, _colon, value = line.strip().partition(":")
            value = value.strip()
            if name == "event":
                event = value
            elif name == "data" and event != "beat" and (not wanted or event in wanted):
                return event, value
        return "end", ""

    def close(self) -> None:
        self.connection.close()


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """A thread has none."""


@contextmanager
def events_thread() -> Iterator[tuple[Events, int]]:
    """The application and its port, in this process."""
    application = Events()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, lifespan="on", log_level="warning", timeout_graceful_shutdown=1)
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started, why="the events server")
        wait_until(lambda: application.broadcast.number, why="its line to the database")
        yield application, listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


class EventsProcess:
    """`uvicorn config.asgi` on the test's database, for the pages of `site`."""

    def __init__(self, folder: Path, site: str) -> None:
        self.log = folder / "events.log"
        self.site = site
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """On the host of the pages, so that their cookie is sent here too."""
        host = self.site.removeprefix("http://").partition(":")[0]
        return f"http://{host}:{self.port}/events"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        environment = dict(os.environ) | {
            "DATABASE_URL": database_url(),
            "OMBUD_SITE_URL": self.site,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(self.port)]
        command += ["--host", "localhost", "--timeout-graceful-shutdown", "3"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        wait_until(self._answers, why=f"the events process; see {self.log}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(10)

    def _answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("localhost", self.port, timeout=2)
            connection.request("GET", "/events")
            return connection.getresponse().status == 404
        except OSError:
            return False
        finally:
            connection.close()
