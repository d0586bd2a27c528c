"""The folder of the embedded database's unix socket; there is no TCP port that could collide."""

import hashlib
import os
import re
import stat
from pathlib import Path

from launcher.errors import LaunchError
from launcher.places import database_account, make_folder

LIMIT = 90  # bytes of the folder's path; the kernel takes 107 with the socket's name
SHORT = Path("/tmp")  # noqa: S108 - `private_folder` refuses what somebody else made there


def socket_folder(home: Path) -> Path:
    """Where the socket goes: in `home`, or in /tmp where that path is too long or has odd characters."""
    folder = home / "socket"
    if len(os.fsencode(folder)) <= LIMIT and re.fullmatch(r"[\w./-]+", str(folder), re.ASCII):
        return folder
    return SHORT / f"ombud-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"


def private_folder(folder: Path) -> None:
    """Make the socket's folder for PostgreSQL's user, without what a killed server left in it.

    Its stale lock file may name a process id that lives again, and PostgreSQL would refuse to start. Call it
    only when the server has ended. Raises LaunchError where somebody else has made the folder.
    """
    account = database_account()
    owner = os.geteuid() if account is None else account.uid
    try:
        found = folder.lstat()
    except FileNotFoundError:
        make_folder(folder, 0o700, account)
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise LaunchError(
            f"Somebody else made {folder}, where our database's socket goes.", "Remove it and start again."
        )
    for stale in folder.glob(".s.PGSQL.*"):
        stale.unlink()
    if account is not None:
        os.chown(folder, account.uid, account.gid)
