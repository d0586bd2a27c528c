"""An embedded PostgreSQL for tests and benchmarks that leaves nothing behind."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.lock import try_lock
from launcher.places import database_account, temporary_parent
from launcher.postgres import Postgres
from launcher.signals import StopFlag, shielded

PREFIX = "ombud-throwaway-"


@contextmanager
def throwaway(
    *, durable: bool = False, tests: bool = False, stop_flag: StopFlag | None = None, parent: Path | None = None
) -> Iterator[Postgres]:
    """A started server in a temporary folder, in `parent` if given; both are gone afterwards.

    `durable=True` keeps fsync on, for benchmarks and fault tests whose figures must mean something. A folder
    that a killed process left behind is removed by the next call.
    """
    parent = parent or temporary_parent()
    remove_abandoned(parent)
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    lock = try_lock(home / "lock")
    if database_account() is not None:
        home.chmod(0o755)
    server = Postgres(home, home / "postgresql.log", durable=durable, tests=tests, stop_flag=stop_flag)
    try:
        server.start()
        yield server
    finally:
        with shielded():
            server.stop(immediate=True)
            shutil.rmtree(home, ignore_errors=True)
            if lock is not None:
                os.close(lock)


def remove_abandoned(parent: Path) -> None:
    """Remove throwaway folders of ours whose lock nobody holds any more."""
    for folder in parent.glob(PREFIX + "*"):
        try:
            if folder.stat().st_uid != os.geteuid() or not (folder / "lock").exists():
                continue
            lock = try_lock(folder / "lock")
        except OSError:
            continue
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
