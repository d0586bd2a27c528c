"""Ties a database that lies outside its data folder (we run as root) to that folder."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from launcher.child import say
from launcher.places import make_folder

MARK = "database.mark"


def tie(data: Path, home: Path) -> None:
    """Set the database in `home` aside when it belongs to another, deleted `data` folder of the same path.

    With the folder its keys, files and checkpoints went: an audit chain without its key can prove nothing, so such a
    database must not be taken up again silently. It is renamed, never deleted.
    """
    if home.is_relative_to(data):
        return
    ours, theirs = _read(data / MARK), _read(home / MARK)
    if (home / "cluster").is_dir() and ours != theirs:
        aside = home.with_name(f"{home.name}.set-aside-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        home.rename(aside)
        say(f"The data folder {data} is new; the database of the earlier one was moved to {aside}.")
    mark = ours or secrets.token_hex(16)
    for folder in (data, home):
        if _read(folder / MARK) != mark:
            make_folder(folder, 0o755)
            descriptor = os.open(folder / MARK, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(mark)


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None
