"""`make reset`: an empty database at the next start."""

import shutil
import sys

from launcher.child import say
from launcher.errors import LaunchError
from launcher.instance import LOCK, only_instance
from launcher.leftovers import end_leftovers
from launcher.places import data_folder, database_home

# What belongs to the database and means nothing without it. Nothing else in the data folder is touched.
WITH_THE_DATABASE = ("database.mark", "logs", "repositories", "large-files", "checkpoints.jsonl", "sign-ins.txt")


def reset(*, confirmed: bool) -> int:
    """Delete the embedded database and what belongs to it, after asking unless `confirmed`.

    Raises LaunchError while Ombud runs, or when nobody is there to ask.
    """
    data = data_folder()
    home = database_home(data)
    if not (data / LOCK).exists():
        say(f"There is nothing to delete: Ombud never ran with the data folder {data}.")
        return 0
    with only_instance(data):
        doomed = [path for path in (home, *(data / name for name in WITH_THE_DATABASE)) if path.exists()]
        say("\n".join(["This deletes for good:", *(f"  {path}" for path in doomed)]))
        if not confirmed and not _asked():
            raise LaunchError("Nothing was deleted.", "Answer yes, or say so at once: make reset CONFIRM=yes")
        end_leftovers(home / "cluster" / "data")
        for path in doomed:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    say("Deleted. make run starts with an empty database.")
    return 0


def _asked() -> bool:
    """Whether the person at the terminal types yes."""
    if not sys.stdin.isatty():
        return False
    say("Type yes to go on:")
    return sys.stdin.readline().strip() == "yes"
