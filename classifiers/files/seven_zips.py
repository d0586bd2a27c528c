"""The members of 7-Zip archives, unpacked in a child: their decoders take what memory and time an archive asks for."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, BinaryIO

from classifiers import sandbox
from classifiers.files.archives import OPENING, Most, Part
from classifiers.files.budget import Budget
from classifiers.files.findings import ARCHIVE, BROKEN, FAILED, TOO_LARGE, TOO_SLOW

CHILD = Path(__file__).with_name("seven_zip_child.py")
PACKAGE = Path(__file__).parent.parent
# The table of contents lies at the end, so an archive is copied whole; a larger one is not looked into.
MAX_ARCHIVE = 512 * 2**20
STEP = 2**20
PATIENCE = 90
MEMORY, SECONDS = 1024 * 2**20, 20
# What starting a child costs, in opcodes: half a second and a process.
STARTING = 50_000
MAX_LINE = 65_536
REASONS = frozenset({"", ARCHIVE, BROKEN, TOO_LARGE, TOO_SLOW})


def parts(stream: BinaryIO, budget: Budget, most: Most) -> Generator[Part, None, None]:
    """All members, one by one. `most` is asked in the child, where it is `containers.most` whatever is given here."""
    del most
    budget.opcodes -= STARTING
    patience = min(PATIENCE, int(budget.seconds_left))
    if budget.opcodes < 0 or patience < 1:
        yield Part(reason=TOO_LARGE if budget.opcodes < 0 else TOO_SLOW)
        return
    with TemporaryFile() as copy:
        stream.seek(0)
        while (more := stream.read(STEP)) and copy.tell() <= MAX_ARCHIVE:
            copy.write(more)
        if copy.tell() > MAX_ARCHIVE:
            yield Part(reason=TOO_LARGE)
            return
        copy.seek(0)
        child = sandbox.start(
            CHILD, str(PACKAGE), str(max(budget.inflated, 0)),
            memory=MEMORY, seconds=SECONDS, folders=[PACKAGE], stdin=copy, stdout=subprocess.PIPE,
        )  # fmt: skip
    alarm = threading.Timer(patience, child.kill)
    alarm.daemon = True
    alarm.start()
    assert child.stdout
    try:
        reason = yield from _said(child.stdout, budget)
        if reason is None:
            with suppress(subprocess.TimeoutExpired):
                child.wait(1)  # it closed its output, so it is about to end: by what, `code` says
    finally:
        alarm.cancel()
        child.stdout.close()
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        code = child.wait()
    if reason is None:
        reason = TOO_SLOW if code in (-signal.SIGKILL, -signal.SIGXCPU) else FAILED
    if reason:
        yield Part(reason=reason)


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
        yield Part(str(said["name"]), data, cut=bool(said["cut"]))
