import os
import shutil
from pathlib import Path

import psycopg
import pytest

from launcher.belonging import tie
from launcher.errors import LaunchError
from launcher.postgres import Postgres
from tests.launcher.project import Project


def test_half_made_database_is_made_again(home: Path) -> None:
    half = home / "cluster.making" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert one(home) == "1"


def test_killed_while_making_the_database(project: Project) -> None:
    process = project.launch("run", "--port", str(project.port))
    making = project.homes[0] / "cluster.making"
    while not making.exists():
        assert process.poll() is None
    process.kill()
    process.wait()
    project.start()
    assert project.page() == "1"


def test_stale_lock_files_that_name_a_living_process(home: Path) -> None:
    assert one(home) == "1"
    stale = f"{os.getpid()}\n{home}/cluster/data\n1700000000\n5432\n{home}/socket\n\n  1 1\nready   \n"
    (home / "cluster" / "data" / "postmaster.pid").write_text(stale)
    (home / "socket" / ".s.PGSQL.5432.lock").write_text(stale)
    assert one(home) == "1"


def test_other_version_is_refused_with_a_way_out(home: Path) -> None:
    assert one(home) == "1"
    (home / "cluster" / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(LaunchError, match=r"was made by PostgreSQL 17[\s\S]*make reset"):
        one(home)


def test_role_that_a_killed_first_start_left_out_is_added(home: Path) -> None:
    server = Postgres(home, home / "log", durable=False)
    server.start()
    server.psql("DROP DATABASE ombud", "postgres")
    server.psql("DROP ROLE ombud_app", "postgres")
    server.stop()
    assert one(home) == "1"


def test_long_odd_path(home: Path) -> None:
    """A socket's path has room for 107 bytes."""
    assert one(home / ("a folder, with 'quotes' and ümlauts " * 3)) == "1"


def test_database_of_a_deleted_data_folder_is_set_aside(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    tie(data, home)
    (home / "cluster").mkdir()
    tie(data, home)
    assert (home / "cluster").is_dir()
    shutil.rmtree(data)
    tie(data, home)
    assert not (home / "cluster").exists()
    assert len(list(tmp_path.glob("home.set-aside-*/cluster"))) == 1


def one(home: Path, log: Path = Path(os.devnull)) -> str:
    """Start the database of `home`, ask it something as the application would, stop it."""
    server = Postgres(home, log, durable=False)
    try:
        server.start()
        with psycopg.connect(server.app_url) as connection:
            row = connection.execute("SELECT '1'").fetchone()
    finally:
        server.stop()
    assert row
    return str(row[0])
