"""The checks that need no test: formatting, lint, templates, types, import contract, migrations."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from launcher.child import Child, say
from launcher.places import CHECKOUT
from launcher.signals import StopFlag

TEMPLATES = [str(CHECKOUT / "templates")]


def tool(name: str) -> str:
    """A program of our own environment."""
    return str(Path(sys.executable).parent / name)


def static_checks() -> dict[str, list[str]]:
    """Title -> command, in the order they start: the types first, which take longer than all the others together."""
    return {
        "types": [tool("mypy"), "."],
        "formatting": [tool("ruff"), "format", "--check", "."],
        "lint": [tool("ruff"), "check", "."],
        "templates: lint": [tool("djlint"), "--lint", "--quiet", *TEMPLATES],
        "templates: formatting": [tool("djlint"), "--check", "--quiet", *TEMPLATES],
        "import contract": [tool("lint-imports")],
    }


def database_checks() -> dict[str, list[str]]:
    """Title -> command of the checks that ask the database."""
    return {"migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", *own_apps()]}


def own_apps() -> list[str]:
    """The labels of our own apps: a package that we install may have models that its migrations do not know."""
    found = [*CHECKOUT.glob("[a-z]*/apps.py"), *CHECKOUT.glob("[a-z]*/[a-z]*/apps.py")]
    return sorted(path.parent.name for path in found)


def lint(stop_flag: StopFlag) -> int:
    """Run the static checks, all of them; 0 when every one passed."""
    return 1 if failures(static_checks(), os.environ, stop_flag, together=2) else 0


def failures(
    commands: Mapping[str, list[str]], environment: Mapping[str, str], stop_flag: StopFlag, *, together: int = 1
) -> list[str]:
    """Run every command, so many of them `together`, and return the titles of those that failed."""
    waiting, running = list(commands.items()), dict[str, tuple[Child, float]]()
    failed = []
    try:
        while waiting or running:
            for title, command in waiting[: together - len(running)]:
                running[title] = Child(title, command, environment=environment), time.monotonic()
                running[title][0].start()
            waiting = [(title, command) for title, command in waiting if title not in running]
            stop_flag.pause(0.1)
            for title, (child, began) in list(running.items()):
                if child.running:
                    continue
                child.stop()
                del running[title]
                verdict = f"FAILED (exit status {child.code})" if child.code else "ok"
                say(f"[{title}] {verdict}, {time.monotonic() - began:.1f} s")
                failed += [title] if child.code else []
    finally:
        for child, _began in running.values():
            child.stop()
    return failed


def run_to_the_end(name: str, command: list[str], environment: Mapping[str, str], stop_flag: StopFlag) -> int:
    """Run one command on our terminal; its exit status. Raises StopAskedError when asked to stop."""
    child = Child(name, command, environment=environment)
    child.start()
    try:
        while not child.wait(0.2):
            stop_flag.pause(0)
    finally:
        child.stop()
    return child.code or 0
