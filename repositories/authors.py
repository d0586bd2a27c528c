"""Authors of commits as they are called now: a history keeps the names under which it was made (B4)."""

from collections.abc import Sequence
from dataclasses import replace

from accounts.resets import names_now
from repositories.git import Commit


def called_now(commits: Sequence[Commit]) -> list[Commit]:
    """`commits` with the present names of whoever had a name that the team replaced; one query, none for no commits.

    The commits themselves stay as they are: their ids are what others built on.
    """
    names = names_now({one.author.lower() for one in commits})
    if not names:
        return list(commits)
    return [replace(one, author=names.get(one.author.lower(), one.author)) for one in commits]
