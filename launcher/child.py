"""A child process that cannot outlive us: own session, death signal, output prefixed and kept in a log."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher.places import CHECKOUT, Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside once at the next start

# Loaded before any fork: loading a library between fork and exec can deadlock.
_prctl = ctypes.CDLL(None, use_errno=True).prctl


def die_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Ask the kernel for `death_signal` when process `parent` ends. Runs in the child, after setuid."""
    _prctl(PR_SET_PDEATHSIG, death_signal.value, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


@dataclass
class Child:
    """One process of ours. `start` and `stop` may be called again and again.

    `log` receives the output (None: it goes to our own terminal); `echo` says each line, prefixed with the
    name, to the terminal too. `death_signal` is what the child gets when we are killed.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    log: Path | None = None
    echo: bool = True
    account: Account | None = None
    death_signal: signal.Signals = signal.SIGTERM
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    keep_open: Sequence[int] = ()
    folder: Path = CHECKOUT
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. The kernel ties the death signal to the starting thread, so only the main thread may."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("Children are started from the main thread only.")
        parent = os.getpid()
        prepare: Callable[[], None] = lambda: die_with_parent(self.death_signal, parent)  # noqa: E731
        output = None if self.log is None else subprocess.PIPE
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=prepare,
            pass_fds=tuple(self.keep_open),
            user=None if self.account is None else self.account.uid,
            group=None if self.account is None else self.account.gid,
            extra_groups=None if self.account is None else [],
        )
        if self.log is not None and self.process.stdout is not None:
            pump = threading.Thread(target=self._pump, args=(self.process.stdout, self.log), daemon=True)
            pump.start()

    def _pump(self, stream: IO[bytes], log: Path) -> None:
        """Copy the output line by line; goes on reading when the log cannot be written (a full disk)."""
        with open_log(log) as file:
            for line in stream:
                with suppress(OSError):
                    file.write(line)
                    file.flush()
                if self.echo:
                    say(f"{self.name:>9} | {line.decode(errors='replace').rstrip()}")

    @property
    def pid(self) -> int:
        return 0 if self.process is None else self.process.pid

    @property
    def code(self) -> int | None:
        """The exit status, or None while it runs."""
        return None if self.process is None else self.process.poll()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds`; True when it has ended."""
        if self.process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return not self.running

    def stop(self, stop_signal: signal.Signals | None = None) -> None:
        """Ask it to end, wait `patience` seconds, then kill it and everything left in its process group."""
        if self.process is None:
            return
        if self.running:
            with suppress(ProcessLookupError):
                self.process.send_signal(stop_signal or self.stop_signal)
            self.wait(self.patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.wait(5)


def open_log(path: Path) -> IO[bytes]:
    """Open `path` for appending, readable by us only; a log over LOG_LIMIT bytes becomes `path`.1 first."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(path.name + ".1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def last_lines(path: Path, count: int = 15) -> str:
    """The last `count` lines of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def say(line: str) -> None:
    """Print one line now; a terminal without UTF-8 or a closed one never stops us."""
    with suppress(OSError, ValueError):
        encoding = sys.stdout.encoding or "ascii"
        print(line.encode(encoding, "replace").decode(encoding), flush=True)


class Step:
    """`with Step("Starting the database"):` says what we do and, after it, how long it took."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __enter__(self) -> None:
        self.began = time.monotonic()
        say(f"{self.title} ...")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            say(f"{self.title}: done in {time.monotonic() - self.began:.1f} s.")
