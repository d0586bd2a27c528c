"""The people and things that most tests begin with, made once for all tests in a row that ask for the same of them.

They stand in a transaction around those of the tests, which Django rolls back to where they began: so each test finds
them as new. Making a person, a repository and a comment anew for each of thousands of tests was a fifth of the time of
the suite. A test that sets the clock, commits for real, or has an owner of its own gets everything made anew.
"""

import pickle
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.db import connection, transaction
from django.test import override_settings

from accounts.actions import make_moderator, register
from accounts.models import Namespace, Organization, User
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion
from foundation import clock
from repositories.actions import commit, create_repository
from repositories.models import Repository

# A password for browser tests; the hash is as weak as the test settings say.
PASSWORD = "a long test password"
CARD = "---\nlicense: apache-2.0\ntags: [text]\n---\n# {name}\n\nA small model for tests.\n"
Made = dict[str, Any]


def person(name: str, *, moderator: bool = False, days_old: int = 365, **fields: Any) -> User:
    """Somebody with an account and PASSWORD."""
    joined = clock.now() - timedelta(days=days_old)
    values = {"email": f"{name}@people.example", "date_joined": joined, **fields}
    user = register(User(username=name, **values), password=PASSWORD)
    if moderator:
        make_moderator(user, actor=system_actor())
    return User.objects.get(pk=user.pk)


def new_repository(
    first: User, /, name: str = "tiny-model", *, kind: str = "model", card: str = CARD, **fields: Any
) -> Repository:
    """A repository of `first`, or of another `owner`, with a card committed."""
    who: User | Organization = fields.pop("owner", first)
    actor: User = fields.pop("actor", who if isinstance(who, User) else first)
    namespace = Namespace.objects.get(name=str(who))
    repository = create_repository(namespace, name, kind=kind, actor=actor, **fields)
    commit(repository, {"README.md": card.format(name=name).encode()}, actor=actor, message="Add the card")
    return repository


# Each is made of those before it.
CAST: Mapping[str, Callable[[Made], Any]] = {
    "moderator": lambda made: person("mira", moderator=True),
    "other_moderator": lambda made: person("tomas", moderator=True),
    "owner": lambda made: person("nok"),
    "reporter": lambda made: person("iris"),
    # Somebody who writes comments in other people's repositories.
    "author": lambda made: person("quentin"),
    "repository": lambda made: new_repository(made["owner"]),
    "discussion": lambda made: open_discussion(
        made["repository"], title="How do I load this?", text="It does not load here.", actor=made["author"]
    ),
    "comment": lambda made: add_comment(
        made["discussion"], text="You people are idiots and should shut up.", actor=made["author"]
    ),
}
_HERE = "tests/conftest.py"
# Whoever asks for one of these wants what is made at another time, or seen by other connections.
_ALONE = {"set_clock", "pass_time", "transactional_db", "live_server", "serving"}
made_for = pytest.StashKey[Made]()
files_for = pytest.StashKey[Path]()


def wanted(item: pytest.Item) -> tuple[str, ...]:
    """Which of the CAST a test begins with; () where it has them made by itself."""
    marker = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    if ("db" not in names and not marker) or _ALONE & names or (marker and (marker.args or marker.kwargs)):
        return ()
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    asked = tuple(name for name in CAST if name in names)
    ours = all(definitions[-1].baseid in ("", "tests") for name in asked if (definitions := known.get(name)))
    return asked if ours else ()


class Stage:
    """Where the cast of the tests in a row stands."""

    def __init__(self, folder: Path, blocker: pytest_django.DjangoDbBlocker) -> None:
        self.folder, self.number, self.blocker = folder, 0, blocker
        self.names: tuple[str, ...] = ()
        self.kept = b""
        self._around: transaction.Atomic | None = None
        self._connected: Any = None

    def set(self, item: pytest.Item) -> None:
        """Before the fixtures of a test: what it asks for is there, and nothing else."""
        names = wanted(item)
        if names != self.names or not self._stands():
            self.clear()
            if names:
                self._make(names)
        if names:
            item.stash[made_for] = pickle.loads(self.kept)
            item.stash[files_for] = self.files

    def clear(self) -> None:
        """Nothing of it is left."""
        if self._around in connection.atomic_blocks:
            transaction.set_rollback(True)
            self._around.__exit__(None, None, None)
        if self._around:
            shutil.rmtree(self.files, ignore_errors=True)
        self.names, self._around = (), None

    @property
    def files(self) -> Path:
        return self.folder / f"cast-{self.number}"

    def _make(self, names: tuple[str, ...]) -> None:
        self.number += 1
        made: Made = {}
        self._around = transaction.atomic()
        self._around.__enter__()
        # Django forbids a durable transaction within one that is not a test's.
        connection.atomic_blocks[-1]._from_testcase = True  # type: ignore[attr-defined]
        with override_settings(**folders(self.files)):
            for name in names:
                made[name] = CAST[name](made)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        connection.run_on_commit.clear()
        self.kept, self.names, self._connected = pickle.dumps(made), names, connection.connection

    def _stands(self) -> bool:
        """Whether the transaction is there that it stands in: a test may have closed the connection, or lost it."""
        there = connection.connection
        return (
            bool(self._around)
            and connection.in_atomic_block
            and not connection.needs_rollback
            and there is self._connected
            and not there.closed
        )


def folders(folder: Path) -> dict[str, Path]:
    """The settings of where files lie, below `folder`."""
    names = {"REPOSITORY_ROOT": "repositories", "LARGE_FILE_ROOT": "large-files", "EVIDENCE_ROOT": "evidence"}
    return {setting: folder / name for setting, name in names.items()}
