"""A program that proposes and merges for ever, for a test that kills it: `python -m tests.community.crashing FOLDER`.

As tests.repositories.crashing: for each line on its input it forks a child and says the child's process id. Numbers of
pull requests whose merge was acknowledged are lines of FOLDER/acknowledged; what went wrong is in FOLDER/errors.
"""

import os
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
            _merge_for_ever(folder, int(line))
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


def _merge_for_ever(folder: Path, seed: int) -> None:
    from accounts.models import User
    from community.pull_requests import merge_pull_request, open_pull_request
    from repositories import git
    from repositories.models import Repository

    try:
        owner, author = User.objects.get(username="nok"), User.objects.get(username="quentin")
        for number in count():
            repository = Repository.objects.get()
            card = f"# Card {seed}.{number}\n".encode()
            changes = [
                git.Put("README.md", git.store_bytes(repository, card).oid),
                git.Put(f"{seed}/{number}.txt", git.store_bytes(repository, card * 2).oid),
            ]
            opened = open_pull_request(repository, changes, title=card.decode().strip(), text="So.", actor=author)
            merge_pull_request(opened, actor=owner)
            with (folder / "acknowledged").open("a") as notes:
                notes.write(f"{opened.number}\n")
    except BaseException:  # noqa: BLE001 - the test reads it
        (folder / "errors").write_text(traceback.format_exc())
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
