"""The processes of a running Ombud, as commands."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher.child import Child

Environment = Mapping[str, str]


def web(environment: Environment, logs: Path, descriptor: int) -> Child:
    """The web server on the listening socket `descriptor`. It loads the code once, then forks."""
    options = "--worker-class launcher.staying.StayingWorker --workers 2 --threads 4"
    options += " --graceful-timeout 3 --no-control-socket --preload"
    command = ["-m", "gunicorn", "config.wsgi:application", "--bind", f"fd://{descriptor}", *options.split()]
    child = _service("web", command, environment, logs)
    child.keep_open = (descriptor,)
    child.death_signal = signal.SIGINT  # its quick stop: the port is free at once
    return child


def events(environment: Environment, logs: Path, descriptor: int) -> Child:
    """The process that tells open pages of the team what happens, on the listening socket `descriptor`."""
    options = "--lifespan on --no-access-log --no-server-header --timeout-graceful-shutdown 3 --log-level warning"
    command = ["-m", "uvicorn", "config.asgi:application", "--fd", str(descriptor), *options.split()]
    child = _service("events", command, environment, logs)
    child.keep_open = (descriptor,)
    return child


def workers(environment: Environment, logs: Path) -> Child:
    """The workers. Unfinished work is a row with a lease, so a short patience at the end loses nothing."""
    options = "--processes 1 --threads 4 --worker-shutdown-timeout 3000"
    child = _service("workers", ["-m", "dramatiq", "config.worker", *options.split()], environment, logs)
    child.echo = False  # every mail that has no server to go to is written here
    return child


def scorer(environment: Environment, logs: Path) -> Child:
    """Scores what was reported, with the models loaded once: the workers beside it load none."""
    return _service("scorer", ["manage.py", "score"], environment, logs)


def scheduler(environment: Environment, logs: Path) -> Child:
    """The clock that rings the periodic bells."""
    return _service("scheduler", ["manage.py", "crontab", "--no-heartbeat"], environment, logs)


def manage(arguments: list[str], environment: Environment, logs: Path) -> Child:
    """One `manage.py` command."""
    return _service(arguments[0], ["manage.py", *arguments], environment, logs)


def _service(name: str, command: list[str], environment: Environment, logs: Path) -> Child:
    return Child(name, [sys.executable, *command], environment=environment, log=logs / f"{name}.log")
