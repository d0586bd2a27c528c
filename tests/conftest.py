"""Fixtures for all rooms: people, repositories, a clock that tests set, tables emptied between tests."""

import gc
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.actions import create_organization, make_moderator, register
from accounts.models import Namespace, Organization, User
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion
from community.entries import write_comment
from community.models import Comment, Discussion
from community.projections import lock
from foundation import clock
from moderation.policy.models import Clause
from repositories.actions import commit, create_repository
from repositories.models import Repository
from tests.databases import Turn
from tests.emptying import Emptying
from tests.migrating import only_what_is_asked_for
from tests.order import for_two_workers

# A machine that is busy with other things is slow to make up examples: that is no fault of a test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# For tests with real threads and connections: the tables are emptied afterwards, what migrations loaded comes back.
concurrent = pytest.mark.django_db(transaction=True)
# A password for browser tests; the hash is as weak as the test settings say.
PASSWORD = "a long test password"
CARD = "---\nlicense: apache-2.0\ntags: [text]\n---\n# {name}\n\nA small model for tests.\n"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = for_two_workers(items)


def pytest_collection_finish() -> None:
    """What the thousands of tests consist of stays until the end: no collection of garbage need look at it again.

    Nearly everything a request leaves behind goes without one: they may be thirty times as rare as usual.
    """
    gc.set_threshold(20_000, 20, 50)
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _turn(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Turn | None]:
    """The turn of this worker to make its database, where there are several; held until it is over."""
    if django_db_keepdb or not hasattr(request.config, "workerinput"):
        yield None
        return
    turn = Turn(tmp_path_factory.getbasetemp().parent)
    turn.take()
    yield turn
    with django_db_blocker.unblock():
        turn.clean()


@pytest.fixture(scope="session")
def _migrating() -> Iterator[ExitStack]:
    """Migrations run quickly until this is closed."""
    with ExitStack() as until:
        until.enter_context(only_what_is_asked_for())
        yield until


@pytest.fixture(scope="session")
def django_db_setup(
    _turn: Turn | None,
    _migrating: ExitStack,
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """The test database as it is after the migrations; what they loaded is kept for between the tests.

    At the end, sessions that nobody closes (such as those of Playwright's event loop) must not keep it from going.
    """
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    _migrating.close()
    with django_db_blocker.unblock():
        if _turn:
            _turn.end()
        _emptying.append(Emptying())
    gc.collect()
    gc.freeze()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


_emptying: list[Emptying] = []


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_in_our_way() -> Iterator[None]:
    """Between tests with real transactions; what migrations loaded is there again, so that tests run in any order."""
    case: Any = TransactionTestCase
    teardown = case._fixture_teardown
    case._fixture_teardown = lambda self: _emptying[0].empty()
    yield
    case._fixture_teardown = teardown


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once() -> Iterator[None]:
    """WhiteNoise would go through all folders for each new client of a test."""
    middleware: Any = WhiteNoiseMiddleware
    find, found = middleware.add_files_from_finders, {}

    def find_once(self: Any) -> None:
        if self.static_prefix not in found:
            find(self)
            found[self.static_prefix] = dict(self.files)
        self.files.update(found[self.static_prefix])

    middleware.add_files_from_finders = find_once
    yield
    middleware.add_files_from_finders = find


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk() -> Iterator[None]:
    """No test cuts the power, and waiting for the disk was a third of the time of every commit.

    Which files are brought to the disk, and in which order, is asked by tests that replace this themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(autouse=True)
def _speaks_the_language_of_the_site() -> Iterator[None]:
    """A request leaves its language behind in its thread, and here the next test runs in the same one."""
    yield
    translation.deactivate()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As pytest's own, which looks through the folders of all tests before for the next free number."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}-{next(_folders)}"
    folder.mkdir(mode=0o700)
    return folder


_folders = count()


@pytest.fixture(autouse=True)
def _folders_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.REPOSITORY_ROOT = tmp_path / "repositories"
    settings.LARGE_FILE_ROOT = tmp_path / "large-files"
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.CHECKPOINT_FILE = tmp_path / "checkpoints.jsonl"


def _set_clock(expression: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION ombud_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE "
            f"AS $$ SELECT {expression} $$"
        )


@pytest.fixture
def set_clock(db: None, request: pytest.FixtureRequest) -> Iterator[Callable[[datetime], None]]:
    """Set the database's clock, for every connection, to a moment at which it then stands still."""
    yield lambda moment: _set_clock(f"timestamptz '{moment.isoformat()}'")
    _set_clock("statement_timestamp()")


@pytest.fixture
def pass_time(db: None) -> Iterator[Callable[[timedelta], datetime]]:
    """Let time pass: moves the database's clock forward from where it is, and lets it run on."""
    passed = timedelta()

    def move(step: timedelta) -> datetime:
        nonlocal passed
        passed += step
        _set_clock(f"statement_timestamp() + interval '{passed.total_seconds()} seconds'")
        return clock.now()

    yield move
    _set_clock("statement_timestamp()")


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """make_user("name", moderator=False, days_old=365, **fields)."""

    def make(name: str, *, moderator: bool = False, days_old: int = 365, **fields: Any) -> User:
        joined = clock.now() - timedelta(days=days_old)
        values = {"email": f"{name}@people.example", "date_joined": joined, **fields}
        user = register(User(username=name, **values), password=PASSWORD)
        if moderator:
            make_moderator(user, actor=system_actor())
        return User.objects.get(pk=user.pk)

    return make


@pytest.fixture
def moderator(make_user: Callable[..., User]) -> User:
    return make_user("mira", moderator=True)


@pytest.fixture
def other_moderator(make_user: Callable[..., User]) -> User:
    return make_user("tomas", moderator=True)


@pytest.fixture
def owner(make_user: Callable[..., User]) -> User:
    return make_user("nok")


@pytest.fixture
def reporter(make_user: Callable[..., User]) -> User:
    return make_user("iris")


@pytest.fixture
def author(make_user: Callable[..., User]) -> User:
    """Somebody who writes comments in other people's repositories."""
    return make_user("quentin")


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    return make_user("adele", is_staff=True, is_superuser=True)


@pytest.fixture
def make_repository(owner: User) -> Callable[..., Repository]:
    """make_repository("name", kind="model", owner=…, card=…, **settings): with a card committed."""

    def make(name: str = "tiny-model", *, kind: str = "model", card: str = CARD, **fields: Any) -> Repository:
        who: User | Organization = fields.pop("owner", owner)
        actor: User = fields.pop("actor", who if isinstance(who, User) else owner)
        namespace = Namespace.objects.get(name=str(who))
        repository = create_repository(namespace, name, kind=kind, actor=actor, **fields)
        commit(repository, {"README.md": card.format(name=name).encode()}, actor=actor, message="Add the card")
        return repository

    return make


@pytest.fixture
def repository(make_repository: Callable[..., Repository]) -> Repository:
    return make_repository()


@pytest.fixture
def organization(owner: User) -> Organization:
    return create_organization("mekong-lab", actor=owner)


@pytest.fixture
def discussion(repository: Repository, author: User) -> Discussion:
    return open_discussion(repository, title="How do I load this?", text="It does not load here.", actor=author)


@pytest.fixture
def comment(discussion: Discussion, author: User) -> Comment:
    return add_comment(discussion, text="You people are idiots and should shut up.", actor=author)


@pytest.fixture
def written(discussion: Discussion, author: User) -> Callable[[str], Comment]:
    """written("text"): a comment of any length, written without asking."""

    def write(text: str) -> Comment:
        with transaction.atomic():
            return write_comment(lock(discussion), author=author, text=text)

    return write


@pytest.fixture
def clause() -> Callable[[str], Clause]:
    """clause("harassment")."""
    return lambda code: Clause.objects.get(code=code)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A test client signed in as a user."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.PermissionBackend")
        return client

    return client_of
