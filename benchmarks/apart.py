"""Measuring in a process of its own on a throwaway database: what several benchmarks do around their figures."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.main_job import manage
from launcher.child import Child, Step, last_lines
from launcher.errors import LaunchError
from launcher.signals import StopFlag
from launcher.throwaway import throwaway


def measured_apart(
    module: str,
    *arguments: object,
    what: str,
    stop_flag: StopFlag,
    durable: bool = False,
    settings: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The line of JSON that `benchmarks.module` writes last, run with `arguments` on a database with all migrations.

    `what` says what the last argument counts, `durable` keeps fsync on, `settings` are variables of its environment.
    Raises LaunchError with the end of its log when it fails.
    """
    with throwaway(durable=durable, stop_flag=stop_flag) as server:
        data = server.home / "var"
        logs = data / "logs"
        logs.mkdir(parents=True)
        (data / "static").mkdir()
        # The owner of the tables, because filling drops and builds indexes.
        environment = os.environ | {"OMBUD_DATA": str(data), "DATABASE_URL": server.owner_url}
        environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "OMBUD_LOG_LEVEL": "WARNING"}
        environment.pop("BROKER_URL", None)
        environment |= settings or {}
        manage(["migrate", "--verbosity=0"], environment, logs)
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        figures: dict[str, Any] = json.loads(_last_line(command, environment, logs, stop_flag, what))
        return figures


def _last_line(command: list[str], environment: dict[str, str], logs: Path, stop_flag: StopFlag, what: str) -> str:
    log = logs / "measure.log"
    child = Child("measure", command, environment=environment, log=log, echo=False)
    try:
        with Step(f"Filling and measuring {what}"):
            child.start()
            while not child.wait(0.1):
                stop_flag.pause(0.1)
    finally:
        child.stop()
    if child.code:
        raise LaunchError(f"Measuring failed:\n{last_lines(log, 30)}", "Mend what it says and run it again.")
    return last_lines(log, 1)
