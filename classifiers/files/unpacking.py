"""Members that a child unpacks: their decoders take what memory and time an archive asks for, or are little tried."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import IO

from classifiers import sandbox
from classifiers.files.archives import OPENING, Part
from classifiers.files.budget import Budget
from classifiers.files.findings import ARCHIVE, BROKEN, FAILED, TOO_LARGE, TOO_SLOW

PACKAGE = Path(__file__).parent.parent
# What is copied for a child at most.
MAX_COPY = 512 * 2**20
PATIENCE = 90
MEMORY, SECONDS = 1024 * 2**20, 20
# What starting a child costs, in opcodes: half a second and a process.
STARTING = 50_000
MAX_LINE = 65_536
REASONS = frozenset({"", ARCHIVE, BROKEN, TOO_LARGE, TOO_SLOW})


def parts(child: Path, budget: Budget, fill: Callable[[IO[bytes]], str]) -> Generator[Part, None, None]:
    """What `child` says of the members that `fill` copies for it; only why not, where `fill` returns a reason."""
    budget.opcodes -= STARTING
    patience = min(PATIENCE, int(budget.seconds_left))
    if budget.opcodes < 0 or patience < 1:
        yield Part(reason=TOO_LARGE if budget.opcodes < 0 else TOO_SLOW)
        return
    with TemporaryFile() as copy:
        if reason := fill(copy):
            yield Part(reason=reason)
            return
        copy.seek(0)
        process = sandbox.start(
            child, str(PACKAGE), str(max(budget.inflated, 0)),
            memory=MEMORY, seconds=SECONDS, folders=[PACKAGE], stdin=copy, stdout=subprocess.PIPE,
        )  # fmt: skip
    alarm = threading.Timer(patience, process.kill)
    alarm.daemon = True
    alarm.start()
    assert process.stdout
    why: str | None
    try:
        why = yield from _said(process.stdout, budget)
        if why is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)  # it closed its output, so it is about to end: by what, `code` says
    finally:
        alarm.cancel()
        process.stdout.close()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    if why is None:
        why = TOO_SLOW if code in (-signal.SIGKILL, -signal.SIGXCPU) else FAILED
    if why:
        yield Part(reason=why)


def _said(out: IO[bytes], budget: Budget) -> Generator[Part, None, str | None]:
    """The parts that the child sends; returns the reason that it ends with, None if it died."""
    while True:
        began = monotonic()
        line = out.readline(MAX_LINE)
        budget.charge(monotonic() - began)
        if not line:
            return None
        try:
            said = json.loads(line)
            if "end" in said:
                return str(said["end"]) if said["end"] in REASONS else BROKEN
            size = min(int(said["size"]), max(budget.inflated, 0))
            began = monotonic()
            data = out.read(size)
            budget.charge(monotonic() - began)
        except (ValueError, TypeError, KeyError):
            return BROKEN
        budget.opcodes -= OPENING
        budget.inflated -= len(data)
        if len(data) < int(said["size"]) or budget.opcodes < 0:
            return TOO_LARGE
        if budget.seconds_left < 0:
            return TOO_SLOW
        reason = str(said.get("reason", ""))
        yield Part(str(said["name"]), data, cut=bool(said["cut"]), reason=reason if reason in REASONS else BROKEN)
