"""The files of an embedded database: made under a temporary name, so that a half-made one is never used."""

import json
import os
import re
import secrets
import shutil
import subprocess
from pathlib import Path

from launcher.binaries import program_folder, quiet_environment
from launcher.errors import LaunchError
from launcher.places import database_account, make_folder
from launcher.roles import APPLICATION, OWNER, SUPERUSER

ROOM_NEEDED = 300_000_000  # bytes free on the disk before we make a database


def ensure_cluster(home: Path, *, durable: bool = True) -> Path:
    """Make the database files in `home`/cluster unless they are there; returns that folder.

    It holds `data` (PostgreSQL's own) and `passwords.json` (mode 0600). What a killed first start left under the
    temporary name is thrown away. Unless `durable`, nothing waits for the disk. Call it only while holding the
    lock of `home`. Raises LaunchError.
    """
    ready, making = home / "cluster", home / "cluster.making"
    shutil.rmtree(making, ignore_errors=True)
    if ready.is_dir():
        _refuse_other_version(ready / "data", home)
        return ready
    if shutil.disk_usage(home).free < ROOM_NEEDED:
        raise LaunchError(
            f"The disk of {home} is almost full; a database needs {ROOM_NEEDED // 1_000_000} MB.",
            "Free some space and start again.",
        )
    account = database_account()
    make_folder(making, 0o755 if account else 0o700)
    passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APPLICATION)}
    descriptor = os.open(making / "passwords.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(passwords, file)
    _initdb(make_folder(making / "data", 0o700, account), passwords[SUPERUSER])
    if durable:
        os.sync()  # the rename must not reach the disk before the files
    making.rename(ready)
    return ready


def read_passwords(cluster: Path) -> dict[str, str]:
    """Role -> password of a database made by `ensure_cluster`."""
    passwords: dict[str, str] = json.loads((cluster / "passwords.json").read_text())
    return passwords


def _initdb(data: Path, password: str) -> None:
    """UTF8 with the locale C.UTF-8, password authentication for everybody."""
    account = database_account()
    secret = data.with_name("password")
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
    if account is not None:
        os.chown(secret, account.uid, account.gid)
    command = [
        str(program_folder() / "initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--lc-messages=C",
        "--no-instructions",
        "--no-sync",
    ]
    try:
        done = subprocess.run(
            command,
            cwd=data,
            env=quiet_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
        )
    except OSError as error:
        raise LaunchError(
            f"PostgreSQL's programs cannot be run: {error}.",
            "Is this folder mounted with noexec, or does this sandbox forbid changing the user? As root, "
            "OMBUD_SYSTEM_FOLDER=/another/folder chooses another place; a normal user needs none of it.",
        ) from error
    finally:
        secret.unlink(missing_ok=True)
    if done.returncode:
        raise LaunchError(
            f"PostgreSQL could not make the database files:\n{(done.stdout + done.stderr).strip()}",
            "Usually the disk is full or a folder cannot be written. Nothing half-made is kept: start again.",
        )


def _refuse_other_version(data: Path, home: Path) -> None:
    try:
        made_by = (data / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise LaunchError(
            f"The database in {home} is damaged: {error}.",
            "Restore it from a backup, or start with an empty one: make reset",
        ) from error
    answer = subprocess.run(
        [str(program_folder() / "postgres"), "--version"],
        capture_output=True,
        text=True,
        env=quiet_environment(),
    )
    number = re.search(r"(\d+)", answer.stdout)
    if number is not None and number.group(1) != made_by:
        raise LaunchError(
            f"The database in {home} was made by PostgreSQL {made_by}; this is PostgreSQL {number.group(1)}.",
            "Move it with pg_dump from the old version, or start with an empty one: make reset",
        )
