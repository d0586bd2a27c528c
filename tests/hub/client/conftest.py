"""The hub's own client library, two lines of it, each in a process of its own, against a real web server (K2).

A script of `scripts/` runs under either line with what a test arranged, and prints what it saw as JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType

from accounts.actions import create_token
from accounts.models import User
from accounts.queries import system_actor
from tests.hub.client.server import WebServer, web_server

SCRIPTS = "tests.hub.client.scripts"
OLDER = "0.36.2"
PROGRAMS = {
    "2.4.0": Path(sys.executable).parent,
    OLDER: django_settings.BASE_DIR / f".venv/clients/huggingface_hub-{OLDER}/bin",
}


@pytest.fixture(params=PROGRAMS, ids=[f"hub-{line}" for line in PROGRAMS])
def line(request: pytest.FixtureRequest) -> str:
    """The line of the client library."""
    found: str = request.param
    assert PROGRAMS[found].exists(), f"{PROGRAMS[found]} is missing: run make setup"
    return found


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def gunicorn(django_db_setup: None, django_db_blocker: Any, server_folder: Path) -> Iterator[WebServer]:
    """A web server that stays for all tests of this folder."""
    with django_db_blocker.unblock(), web_server(server_folder) as started:
        yield started


@pytest.fixture(scope="session")
def server(gunicorn: WebServer) -> str:
    """Its address."""
    return gunicorn.address


@pytest.fixture(autouse=True)
def _same_folders_and_rows(transactional_db: None, settings: Any, server: str, server_folder: Path) -> None:
    """What a test arranges lies where the server looks; it commits, because the server is another process."""
    settings.REPOSITORY_ROOT = server_folder / "repositories"
    settings.LARGE_FILE_ROOT = server_folder / "large-files"
    ContentType.objects.clear_cache()  # the flush between tests gives them new ids


@pytest.fixture
def token() -> Callable[..., str]:
    """token(user, scope="write"): a token of this person."""

    def of(user: User, scope: str = "write") -> str:
        return create_token(user, scope=scope, actor=system_actor())

    return of


@pytest.fixture
def run(line: str, server: str, tmp_path: Path) -> Callable[..., Any]:
    """run("script", **arguments): what the script prints; `at` is another address of the server."""

    def run_script(script: str, /, *, at: str = server, **arguments: Any) -> Any:
        said = json.dumps({"folder": str(tmp_path), **arguments})
        seen = _call(PROGRAMS[line] / "python", "-m", f"{SCRIPTS}.{script}", said, at=at, home=tmp_path)
        return json.loads(seen.splitlines()[-1])

    return run_script


@pytest.fixture
def shell(line: str, server: str, tmp_path: Path) -> Callable[..., str]:
    """shell("download", …, token=""): what the command of this line prints."""
    program = "huggingface-cli" if line == OLDER else "hf"

    def command(*arguments: str, token: str = "") -> str:
        return _call(PROGRAMS[line] / program, *arguments, at=server, home=tmp_path, token=token)

    return command


def _call(program: Path, *arguments: str, at: str, home: Path, token: str = "") -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "client"),
        "HF_ENDPOINT": at,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "PYTHONUTF8": "1",
        **({"HF_TOKEN": token} if token else {}),
    }
    called = subprocess.run(
        [program, *arguments],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert called.returncode == 0, called.stderr[-4_000:] + called.stdout[-1_000:]
    return called.stdout
