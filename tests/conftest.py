"""Fixtures for all rooms: people, repositories, a clock that tests set, tables emptied between tests."""

import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
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

from accounts.actions import create_organization
from accounts.models import Organization, User
from community.entries import write_comment
from community.models import Comment, Discussion
from community.projections import lock
from foundation import clock
from moderation.policy.models import Clause
from repositories.models import Repository
from tests.cast import CAST, Made, Stage, files_for, folders, made_for, new_repository, person
from tests.databases import Turn
from tests.emptying import Emptying
from tests.migrating import only_what_is_asked_for
from tests.order import for_several_workers

# A machine that is busy with other things is slow to make up examples: that is no fault of a test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# For tests with real threads and connections: the tables are emptied afterwards, what migrations loaded comes back.
concurrent = pytest.mark.django_db(transaction=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = for_several_workers(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for stage in _stages:
        with stage.blocker.unblock():
            stage.set(item)


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
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The test database as it is after the migrations; what they loaded is kept for between the tests.

    At the end, sessions that nobody closes (such as those of Playwright's event loop) must not keep it from going.
    """
    others = (
        "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"  # autovacuum goes by itself, and may not be told to
    )
    _migrating.close()
    with django_db_blocker.unblock():
        if _turn:
            _turn.end()
        _emptying.append(Emptying())
    _stages.append(Stage(tmp_path_factory.mktemp("casts"), django_db_blocker))
    gc.collect()
    gc.freeze()
    yield
    with django_db_blocker.unblock():
        _stages.pop().clear()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


_emptying: list[Emptying] = []
_stages: list[Stage] = []


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
def _folders_of_this_test(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> None:
    for name, folder in folders(tmp_path).items():
        setattr(settings, name, folder)
    settings.CHECKPOINT_FILE = tmp_path / "checkpoints.jsonl"
    files = request.node.stash.get(files_for, None)
    if files and files.is_dir():
        shutil.copytree(files, tmp_path, dirs_exist_ok=True)


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
    return person


@pytest.fixture
def _made(request: pytest.FixtureRequest, db: None) -> Made:
    """What of the CAST is there already."""
    made: Made = request.node.stash.get(made_for, {})
    return made


@pytest.fixture
def moderator(_made: Made) -> User:
    return _made.get("moderator") or CAST["moderator"]({})


@pytest.fixture
def other_moderator(_made: Made) -> User:
    return _made.get("other_moderator") or CAST["other_moderator"]({})


@pytest.fixture
def owner(_made: Made) -> User:
    return _made.get("owner") or CAST["owner"]({})


@pytest.fixture
def reporter(_made: Made) -> User:
    return _made.get("reporter") or CAST["reporter"]({})


@pytest.fixture
def author(_made: Made) -> User:
    """Somebody who writes comments in other people's repositories."""
    return _made.get("author") or CAST["author"]({})


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    return make_user("adele", is_staff=True, is_superuser=True)


@pytest.fixture
def make_repository(owner: User) -> Callable[..., Repository]:
    """make_repository("name", kind="model", owner=…, card=…, **settings): with a card committed."""
    return partial(new_repository, owner)


@pytest.fixture
def repository(_made: Made, make_repository: Callable[..., Repository]) -> Repository:
    return _made.get("repository") or make_repository()


@pytest.fixture
def organization(owner: User) -> Organization:
    return create_organization("mekong-lab", actor=owner)


@pytest.fixture
def discussion(_made: Made, repository: Repository, author: User) -> Discussion:
    return _made.get("discussion") or CAST["discussion"]({"repository": repository, "author": author})


@pytest.fixture
def comment(_made: Made, discussion: Discussion, author: User) -> Comment:
    return _made.get("comment") or CAST["comment"]({"discussion": discussion, "author": author})


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
