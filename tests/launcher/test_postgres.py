import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from launcher import memory
from launcher.places import CHECKOUT
from launcher.postgres import Postgres
from launcher.sockets import socket_folder
from launcher.throwaway import PREFIX, remove_abandoned, throwaway


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url, autocommit=True)


def test_utf8_in_the_c_utf8_locale_with_trigrams_of_thai(server: Postgres) -> None:
    with connect(server.app_url) as connection:
        row = connection.execute("SELECT current_setting('server_encoding'), 'สวัสดีครับ' % 'สวัสดี'").fetchone()
        collation = connection.execute("SELECT datlocale FROM pg_database WHERE datname = 'ombud'").fetchone()
    assert row == ("UTF8", True)
    assert collation == ("C.UTF-8",)


def test_listens_on_no_port(server: Postgres) -> None:
    assert server.psql("SHOW listen_addresses") == ""


def test_wrong_password_is_refused(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server.app_url.replace("ombud_app:", "ombud_app:wrong"))


@pytest.mark.parametrize(
    "forbidden",
    [
        "TRUNCATE evidence",
        "DROP TABLE evidence",
        "ALTER TABLE evidence DISABLE TRIGGER ALL",
        "CREATE TABLE x ()",
    ],
)
def test_application_owns_nothing(server: Postgres, forbidden: str) -> None:
    with connect(server.owner_url) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS evidence (id int GENERATED ALWAYS AS IDENTITY, said text)")
    with connect(server.app_url) as application:
        application.execute("INSERT INTO evidence (said) VALUES ('something')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(forbidden)


def test_application_keeps_what_it_checks_in_temporary_tables(server: Postgres) -> None:
    """verify_events runs with the application's role, as README says."""
    with connect(server.app_url) as application:
        application.execute("CREATE TEMPORARY TABLE audit_lines (line bigint PRIMARY KEY)")


def test_owner_of_test_databases_makes_them_with_extensions(server: Postgres) -> None:
    with connect(server.owner_url) as owner:
        owner.execute("CREATE DATABASE test_made_by_owner")
    found = server.psql("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension", "test_made_by_owner")
    assert found == "btree_gin pg_trgm plpgsql"


def test_restart_at_once_keeps_rows_and_the_end_leaves_nothing() -> None:
    with throwaway(durable=True) as server:
        server.psql("CREATE TABLE kept AS SELECT 1 AS one")
        server.restart(immediate=True)
        assert server.psql("SELECT one FROM kept") == "1"
        assert server.psql("SHOW fsync") == "on"
    assert not server.home.exists()
    assert not server.running


MAX, UNLIMITED = "max", str(2**63 - 4096)


@pytest.mark.parametrize(
    ("machine", "own", "limits", "pages"),
    [
        (1, "0::/", {"memory.max": MAX}, 128),
        (8, "0::/", {"memory.max": MAX}, 512),
        (8, "0::/", {"memory.max": str(4 * 2**30)}, 256),
        (256, "0::/", {}, 1024),
        (8, "", {}, 512),
        (8, "0::/of/us", {"of/us/memory.max": MAX, "of/memory.max": str(4 * 2**30)}, 256),
        (8, "0::/of/us", {"of/us/memory.max": str(4 * 2**30), "others/memory.max": "1"}, 256),
        (8, "4:cpu,memory:/us\n0::/", {"memory/us/memory.limit_in_bytes": str(4 * 2**30)}, 256),
        (8, "4:memory:/us\n1:cpu:/", {"memory/memory.limit_in_bytes": UNLIMITED}, 512),
    ],
)
def test_pages_at_hand_are_a_share_of_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: int, own: str, limits: dict[str, str], pages: int
) -> None:
    for name, limit in limits.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{limit}\n")
    (tmp_path / "own").write_text(own)
    monkeypatch.setattr(memory, "OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(memory, "GROUPS", tmp_path)
    monkeypatch.setattr(memory, "_told", {"MemTotal": machine * 2**30}.__getitem__)
    assert memory.megabytes_of_pages() == pages


def test_a_durable_server_keeps_them() -> None:
    with throwaway(durable=True) as server:
        kept = server.psql("SELECT setting::bigint * 8 / 1024 FROM pg_settings WHERE name = 'shared_buffers'")
        assert int(kept) == memory.megabytes_of_pages()


def test_folder_of_a_killed_throwaway_is_removed(tmp_path: Path) -> None:
    abandoned = tmp_path / f"{PREFIX}killed"
    abandoned.mkdir()
    (abandoned / "lock").touch()
    remove_abandoned(tmp_path)
    assert not abandoned.exists()


def test_command_with_a_database() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [
        sys.executable,
        "-m",
        "launcher",
        "with-database",
        "--",
        "sh",
        "-c",
        'test -n "$DATABASE_URL"; exit 7',
    ]
    assert subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode == 7


def test_socket_has_a_short_plain_path(tmp_path: Path) -> None:
    assert socket_folder(Path("/srv/ombud")) == Path("/srv/ombud/socket")
    assert socket_folder(tmp_path / ("long" * 30)).parent == Path("/tmp")
    assert socket_folder(Path("/srv/a, b")).parent == Path("/tmp")
