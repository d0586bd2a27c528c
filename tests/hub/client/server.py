"""A real web server on the test's database, as production runs it, and a line to it that breaks."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from django.conf import settings

from tests.processes import database_url, kill, wait_until


@dataclass(frozen=True)
class WebServer:
    address: str
    pid: int

    def memory(self) -> int:
        """Bytes that its one worker had at most since this was asked last."""
        (worker,) = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        status = Path(f"/proc/{worker}/status").read_text()
        Path(f"/proc/{worker}/clear_refs").write_text("5")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@contextmanager
def web_server(folder: Path, **environment: str) -> Iterator["WebServer"]:
    """gunicorn with its data in `folder`, answering. Killed afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, descriptor = listening.getsockname()[1], listening.fileno()
        address, log = f"http://localhost:{port}", folder / "web.log"
        options = "--worker-class launcher.staying.StayingWorker --workers 1 --threads 8 --no-control-socket"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{descriptor}", *options.split()],
                cwd=settings.BASE_DIR,
                env=dict(os.environ) | _environment(folder) | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(descriptor,),
                start_new_session=True,
            )
    try:
        wait_until(lambda: _answers(address, process), why=f"the web server; see {log}", seconds=90)
        yield WebServer(address, process.pid)
    finally:
        kill(process)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url(),
        "BROKER_URL": "memory://",
        "OMBUD_DATA": str(folder),
        "OMBUD_ENV": "test",
        "OMBUD_HUB_REQUESTS_PER_WINDOW": "1000000",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": "dummymail://",
    }


def _answers(address: str, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "the web server ended"
    try:
        return urlopen(f"{address}/robots.txt", timeout=5).status == 200
    except OSError:
        return False


@contextmanager
def breaking_line(address: str, after: int) -> Iterator[str]:
    """A line to the server at `address` that breaks once, in the first answer that grows longer than `after` bytes."""
    port, broken = int(address.rpartition(":")[2]), threading.Event()

    def carry(source: socket.socket, target: socket.socket, *, breaks: bool) -> None:
        carried = 0
        with suppress(OSError):
            while piece := source.recv(65_536):
                carried += len(piece)
                if breaks and carried > after and not broken.is_set():
                    broken.set()
                    break
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _peer = listening.accept()
                far = socket.create_connection(("127.0.0.1", port))
                for source, target, breaks in ((near, far, False), (far, near, True)):
                    carrying = partial(carry, source, target, breaks=breaks)
                    threading.Thread(target=carrying, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, args=(listening,), daemon=True).start()
        yield f"http://localhost:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
