"""Real workers for tests: processes of their own on the test's database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

READY = "worker process is ready for action"


def database_url() -> str:
    """The address of the database that this test uses."""
    values = connection.settings_dict
    user = quote(values["USER"] or "", safe="")
    password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{user}{password}@{quote(values['HOST'] or '', safe='')}{port}/{values['NAME']}"


@contextmanager
def worker(folder: Path, broker_url: str, queue: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the test's database and `broker_url`, ready; killed afterwards with everything it started."""
    log = folder / f"worker-{time.monotonic_ns()}.log"
    environment = dict(os.environ) | {
        "DATABASE_URL": database_url(),
        "BROKER_URL": broker_url,
        "OMBUD_QUEUE": queue,
        "OMBUD_DATA": str(folder / "var"),
        "OMBUD_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": "dummymail://",
    }
    command = [sys.executable, "-m", "dramatiq", "config.worker", "--processes", "1", "--threads", "2"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: READY in log.read_text().lower(), why=f"the worker; see {log}", seconds=90)
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of the worker and all its processes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(holds: Callable[[], object], *, why: str, seconds: float = 60) -> None:
    """Wait until `holds()` is true. Raises AssertionError saying for what it waited in vain."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"Waited {seconds} s in vain for {why}"
        time.sleep(0.05)
