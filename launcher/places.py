"""Where things lie: the checkout, the data folder, and the folder of the embedded database."""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LaunchError

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Account:
    """The unprivileged user that PostgreSQL runs as when we are root."""

    uid: int
    gid: int


def database_account() -> Account | None:
    """`nobody` when we are root (PostgreSQL refuses to run as root), else None: our own user."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(entry.pw_uid, entry.pw_gid)


def data_folder() -> Path:
    """`OMBUD_DATA`, or `var` in the checkout."""
    return Path(os.environ.get("OMBUD_DATA") or CHECKOUT / "var").absolute()


def system_folder() -> Path:
    """Where root keeps what `nobody` must reach, whatever folder the checkout lies in."""
    return Path(os.environ.get("OMBUD_SYSTEM_FOLDER") or "/var/lib/ombud")


def database_home(data: Path) -> Path:
    """The folder of the embedded database that belongs to the data folder `data`.

    Root keeps it outside of `data`, which often lies under a folder that `nobody` may not enter.
    """
    if database_account() is None:
        return data / "postgresql"
    return system_folder() / hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]


def temporary_parent() -> Path:
    """A folder for throwaway databases that PostgreSQL's user can enter."""
    folder = Path(tempfile.gettempdir())
    if database_account() is None or open_to_all(folder):
        return folder
    return make_folder(system_folder() / "throwaway", 0o755)


def open_to_all(folder: Path) -> bool:
    """Whether any user may enter `folder`, its parents included."""
    resolved = folder.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (resolved, *resolved.parents))


def make_folder(folder: Path, mode: int, owner: Account | None = None) -> Path:
    """Make `folder` unless it is there, its missing parents included, with exactly `mode` whatever the umask.

    One that is there keeps its mode: somebody may share it. Raises LaunchError where we cannot write.
    """
    try:
        if not folder.is_dir():
            if not folder.parent.is_dir():
                make_folder(folder.parent, mode)
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        if owner is not None:
            os.chown(folder, owner.uid, owner.gid)
    except OSError as error:
        raise LaunchError(
            f"We cannot use the folder {folder}: {error.strerror}.",
            "Give it to your user, or choose another one: OMBUD_DATA=/some/folder make run",
        ) from error
    if not os.access(folder, os.W_OK, effective_ids=True):
        raise LaunchError(
            f"The folder {folder} belongs to somebody else (was Ombud started as root before?).",
            f"Give it to your user (sudo chown -R $USER {folder}), or choose another one: "
            "OMBUD_DATA=/some/folder make run",
        )
    return folder
