"""Starting the processes that read strangers' bytes: confined, and ending with the process that has them."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

CONFINED = Path(__file__).with_name("confined.py")
_starters: dict[int, ThreadPoolExecutor] = {}


def start(
    child: Path, *arguments: str, memory: int, seconds: int, folders: Sequence[Path] = (), **streams: Any
) -> "subprocess.Popen[bytes]":
    """`child`, one of our own files, as a process that can do nothing but compute, see `confined`.

    `memory` is in bytes, `seconds` are the processor's; `folders` are what it may read beside the interpreter.
    `streams` are those of Popen.
    """
    command = [sys.executable, "-I", str(CONFINED), str(os.getpid()), str(memory), str(seconds)]
    command += [":".join(map(str, folders)), str(child), *arguments]
    # The kernel ties a child's end to the thread that started it: this one is there as long as the process.
    return _starter().submit(_start, command, streams).result()


def _start(command: list[str], streams: dict[str, Any]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own file
        command, env={}, cwd="/", start_new_session=True, stderr=subprocess.DEVNULL, **streams
    )


def _starter() -> ThreadPoolExecutor:
    """The thread of this process; one that was forked begins with none."""
    return _starters.setdefault(os.getpid(), ThreadPoolExecutor(1, "sandbox"))
