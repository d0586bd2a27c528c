"""kill -9 at any moment leaves no half of a pull request and no half of a merge (B1, L1)."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.db import connection

from community.models import Discussion
from repositories import git
from repositories.models import Repository
from tests.conftest import concurrent
from tests.processes import database_url, wait_until
from tests.repositories.committing import check

KILLS = 12
NAME = "ombud merge crash test"  # by which the database knows the sessions of the program that is killed


@pytest.fixture
def merger(repository, author, settings, tmp_path):
    # Of a person who proposes for ever nothing is refused here.
    environment = dict(os.environ) | {
        "DATABASE_URL": database_url(),
        "BROKER_URL": "memory://",
        "OMBUD_ENV": "test",
        "OMBUD_DATA": str(tmp_path / "var"),
        "OMBUD_REPOSITORIES": str(settings.REPOSITORY_ROOT),
        "OMBUD_LARGE_FILES": str(settings.LARGE_FILE_ROOT),
        "OMBUD_POSTS_PER_WINDOW": "1000000",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PGAPPNAME": NAME,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.community.crashing", tmp_path],
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
def test_kill_at_any_moment(merger, tmp_path):
    dice = random.Random(2026)
    for kill in range(KILLS):
        _let_it_merge(merger, tmp_path, seed=kill, seconds=dice.uniform(0, 0.3))
        _check_every_merge(set(_acknowledged(tmp_path)))
    assert len(_acknowledged(tmp_path)) >= KILLS
    check(Repository.objects.get())


def _check_every_merge(acknowledged: set[int]) -> None:
    repository = Repository.objects.get()
    merges = {one.oid: one for one in git.history(repository, 10_000) if len(one.parents) == 2}
    rows = list(Discussion.objects.select_related("pull_request").order_by("number"))
    assert [row.number for row in rows] == list(range(1, repository.last_discussion + 1))
    merged = [row for row in rows if row.status == "merged"]
    assert acknowledged <= {row.number for row in merged}
    assert {row.pull_request.merge_commit for row in merged} == merges.keys()
    for row in rows:
        assert row.is_pull_request
        assert row.status in ("open", "merged")
        assert git.find_commit(repository, row.pull_request.head)
        assert (row.status == "merged") == git.in_history(repository, row.pull_request.head)
        if row.status == "merged":
            assert merges[row.pull_request.merge_commit].parents[1] == row.pull_request.head
            assert row.events.filter(kind="merged").count() == 1
    assert git.read_file(repository, "README.md").decode() == repository.card


def _let_it_merge(merger, folder, *, seed: int, seconds: float) -> None:
    """Kill a child `seconds` after its first merge was acknowledged."""
    before = len(_acknowledged(folder))
    merger.stdin.write(f"{seed}\n")
    merger.stdin.flush()
    child = int(merger.stdout.readline())
    try:
        wait_until(
            lambda: len(_acknowledged(folder)) > before or (folder / "errors").exists(), why="a merge of the child"
        )
        time.sleep(seconds)
    finally:
        os.kill(child, signal.SIGKILL)
    assert merger.stdout.readline() == "dead\n"
    wait_until(lambda: not _sessions(), why="the end of the killed child's session")
    assert not (folder / "errors").exists(), (folder / "errors").read_text()


def _sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME])
        return cursor.fetchone()[0]


def _acknowledged(folder) -> list[int]:
    """Pull requests whose merge the child was told of; of a line cut by its death nothing."""
    file = folder / "acknowledged"
    return [int(line) for line in file.read_text().rpartition("\n")[0].splitlines()] if file.exists() else []
