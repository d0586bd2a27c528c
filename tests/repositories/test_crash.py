"""kill -9 at any moment loses no acknowledged commit, shows no unrecorded one, and breaks nothing (A1, L1)."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.conftest import concurrent
from tests.processes import database_url, wait_until
from tests.repositories.committing import check, run_git

KILLS = 25
NAME = "ombud crash test"  # by which the database knows the sessions of the program that is killed


@pytest.fixture
def committer(repository, settings, tmp_path):
    environment = dict(os.environ) | {
        "DATABASE_URL": database_url(),
        "BROKER_URL": "memory://",
        "OMBUD_ENV": "test",
        "OMBUD_DATA": str(tmp_path / "var"),
        "OMBUD_REPOSITORIES": str(settings.REPOSITORY_ROOT),
        "OMBUD_LARGE_FILES": str(settings.LARGE_FILE_ROOT),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PGAPPNAME": NAME,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.repositories.crashing", tmp_path],
        cwd=django_settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()


@pytest.mark.slow
@concurrent
def test_kill_at_any_moment(committer, repository, owner, tmp_path):
    dice = random.Random(2026)
    recorded = {repository.head}
    for kill in range(KILLS):
        # Commits of the child are small, packed and large in turn: it is killed in each kind, or soon after.
        _let_it_commit(committer, tmp_path, seed=kill, commits=1 + kill % 3, further=dice.uniform(0, 2))
        repository.refresh_from_db()
        recorded.add(repository.head)
        recorded |= set(_acknowledged(tmp_path))
        _check(repository, recorded, _acknowledged(tmp_path))
        recorded.add(commit(repository, {"after": b"%d" % kill}, actor=owner, message="Go on"))
    assert len(_acknowledged(tmp_path)) > KILLS
    assert any(file.sha256 for file in git.list_files(repository))
    git.export_refs(repository, {git.MAIN: repository.head})
    run_git("clone", "-q", git.location(repository), tmp_path / "clone")
    assert (tmp_path / "clone" / "after").read_bytes() == b"%d" % (KILLS - 1)
    git.sweep_leftovers(timedelta())
    assert not list(tmp_path.glob("*/incoming/*"))


def _let_it_commit(committer, folder: Path, *, seed: int, commits: int, further: float) -> None:
    """Kill a child that has had `commits` acknowledged, after about `further` more at its own pace.

    How fast it goes depends on what else the machine does: seconds would fall into the same commit each time.
    """
    before = len(_acknowledged(folder))
    committer.stdin.write(f"{seed}\n")
    committer.stdin.flush()
    child = int(committer.stdout.readline())
    began = time.monotonic()
    wait_until(lambda: len(_acknowledged(folder)) >= before + commits, why="commits of the child")
    time.sleep(further * (time.monotonic() - began) / commits)
    os.kill(child, signal.SIGKILL)
    assert committer.stdout.readline() == "dead\n"
    # What it had sent to the database is still done: only then does the row say what holds.
    wait_until(lambda: not _sessions(), why="the end of the killed child's session")
    assert not (folder / "errors").exists(), (folder / "errors").read_text()


def _sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME])
        return cursor.fetchone()[0]


def _check(repository: Repository, recorded: set[str], acknowledged: list[str]) -> None:
    check(repository)
    told = {one.oid for one in git.history(repository, 10_000)}
    assert told >= set(acknowledged)
    assert told <= recorded
    for file in git.list_files(repository):
        with git.open_file(repository, file) as stream:
            content = stream.read()
        assert len(content) == file.size
        assert file.sha256 in (None, hashlib.sha256(content).hexdigest())


def _acknowledged(folder: Path) -> list[str]:
    """Commits that the child was told are done; of a line cut by its death nothing."""
    file = folder / "acknowledged"
    return file.read_text().rpartition("\n")[0].splitlines() if file.exists() else []
