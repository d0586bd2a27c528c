"""A program that commits for ever, for tests that kill it: `python -m tests.repositories.crashing FOLDER`.

For each line on its input (a seed) it forks a child that commits until it is killed, and says the child's process id.
What was acknowledged to the child is a line of FOLDER/acknowledged; what went wrong is in FOLDER/errors.
"""

import os
import random
import sys
import traceback
from itertools import count
from pathlib import Path


def main(folder: Path) -> None:
    import django

    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _commit_for_ever(folder, random.Random(int(line)))
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


def _commit_for_ever(folder: Path, dice: random.Random) -> None:
    from accounts.models import User
    from repositories import git
    from repositories.actions import commit
    from repositories.git import storing
    from repositories.models import Repository

    storing.LARGE = 200_000  # type: ignore[attr-defined]  # so that many large files can come in
    try:
        repository, actor = Repository.objects.get(), User.objects.get(username="nok")
        for number in count():
            oid = commit(repository, _files(number, dice), actor=actor, message=f"Number {number}")
            _note(folder / "acknowledged", oid)
            git.export_refs(repository, {git.MAIN: oid})
    except BaseException:  # noqa: BLE001 - the test reads it
        _note(folder / "errors", traceback.format_exc())
    finally:
        os._exit(1)


def _files(number: int, dice: random.Random) -> dict[str, bytes | None]:
    """One small file, many that become a pack, or a large one."""
    if number % 3 == 1:
        return {f"many/{place}": dice.randbytes(50) for place in range(130)}
    if number % 3 == 2:
        return {f"large/{dice.randrange(3)}": dice.randbytes(300_000)}
    return {f"few/{dice.randrange(5)}": dice.randbytes(100), "README.md": b"# Number %d\n" % number}


def _note(file: Path, line: str) -> None:
    with file.open("a") as notes:
        notes.write(line + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
