import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.leftovers import end_leftovers
from launcher.places import database_home, temporary_parent
from launcher.postgres import Postgres
from launcher.throwaway import throwaway
from tests.launcher.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Not started yet."""
    yield from made(tmp_path)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Started once for all tests of a module."""
    for project in made(tmp_path_factory.mktemp("running")):
        project.start()
        yield project


def made(folder: Path) -> Iterator[Project]:
    project = Project(folder)
    project.homes.append(database_home(project.data))
    yield project
    project.clean()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with throwaway(tests=True) as result:
        yield result


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for a database that PostgreSQL's user can enter, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="ombud-test-", dir=temporary_parent()))
    folder.chmod(0o755)
    yield folder
    end_leftovers(folder / "cluster" / "data")
    shutil.rmtree(folder)
