"""In which order tests run, so that several workers have something to do from beginning to end."""

from typing import Any

import pytest

from tests.cast import wanted


def for_several_workers(items: list[pytest.Item]) -> list[pytest.Item]:
    """The long ones come first, so that none begins when there is nothing else left for the other workers.

    What asks no database comes in the middle, where a worker begins that is not the first (`--dist worksteal`).
    Meanwhile the first one runs the migrations, whose result the others copy (tests/databases.py). In a file those
    follow each other that begin with the same (tests/cast.py); those with real transactions come last, as Django wants.
    """
    files: dict[Any, int] = {}

    def place(item: pytest.Item) -> tuple[bool, bool, int, tuple[str, ...]]:
        file = files.setdefault(item.path, len(files))
        return item.get_closest_marker("slow") is None, _commits(item), file, wanted(item)

    asking = sorted(filter(_asks_database, items), key=place)
    others = [item for item in items if not _asks_database(item)]
    half = len(items) // 2
    return [*asking[:half], *others, *asking[half:]]


def _asks_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", [])
    return bool(item.get_closest_marker("django_db")) or not {"db", "transactional_db", "live_server"}.isdisjoint(
        fixtures
    )


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", [])
    return bool(marker and marker.kwargs.get("transaction")) or not {"transactional_db", "live_server"}.isdisjoint(
        fixtures
    )
