"""`make test`: every check and the whole suite, on a throwaway database unless DATABASE_URL names one."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from launcher.checks import database_checks, failures, run_to_the_end, static_checks
from launcher.child import say
from launcher.memory import memory_folder
from launcher.places import make_folder
from launcher.signals import StopFlag
from launcher.throwaway import throwaway

CHROMIUM = "/usr/bin/chromium"


@contextmanager
def test_environment(stop_flag: StopFlag) -> Iterator[dict[str, str]]:
    """The environment of the tests: a server on which they may create databases, and Chromium where it is."""
    environment = dict(os.environ) | {"OMBUD_ENV": "test", "PYTHONUTF8": "1"}
    # Compiled modules are kept: the tests start dozens of processes, and compiling the tests takes a quarter minute.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if browser := chromium():
        environment["OMBUD_CHROMIUM"] = browser
    if environment.get("DATABASE_URL"):
        yield environment
        return
    memory = memory_folder()
    with throwaway(tests=True, stop_flag=stop_flag, parent=memory) as server:
        folder = make_folder(server.home / "var", 0o700)
        addresses = {"DATABASE_URL": server.owner_url, "OMBUD_DATA": str(folder), "OMBUD_TEST_FOLDER": str(folder)}
        if memory:
            addresses["TMPDIR"] = str(make_folder(server.home / "tmp", 0o755))
        yield environment | addresses


def chromium() -> str | None:
    """The browser of the browser tests: OMBUD_CHROMIUM, or Debian's Chromium; None when there is none."""
    wanted = os.environ.get("OMBUD_CHROMIUM") or CHROMIUM
    return shutil.which(wanted)


def test(pytest_arguments: list[str], stop_flag: StopFlag) -> int:
    """Everything, or only pytest when `pytest_arguments` are given. Returns the exit status."""
    browser = chromium()
    arguments = pytest_arguments or ["-n", "3", "--dist", "worksteal"]
    if browser is None and "-m" not in arguments:
        arguments = [*arguments, "-m", "not browser"]
    failed = [] if pytest_arguments else failures(static_checks(), os.environ, stop_flag, together=2)
    with test_environment(stop_flag) as environment:
        suite = {"tests": [sys.executable, "-m", "pytest", *arguments]}
        checks = suite if pytest_arguments else database_checks() | suite
        failed += failures(checks, environment, stop_flag)
    if browser is None:
        say(
            "\n" + "!" * 100 + "\n"
            f"NOT RUN: the browser tests. There is no Chromium at {CHROMIUM}.\n"
            "Install it (apt-get install chromium), or name it: OMBUD_CHROMIUM=/path make test\n" + "!" * 100
        )
    say("\nFailed: " + ", ".join(failed) if failed else f"\nPassed{'' if browser else ', WITHOUT the browser tests'}.")
    return 1 if failed else 0


def with_database(command: list[str], stop_flag: StopFlag) -> int:
    """Run `command` in the environment of the tests; returns its exit status."""
    with test_environment(stop_flag) as environment:
        return run_to_the_end("command", command, environment, stop_flag)
