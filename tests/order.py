"""In which order tests run, so that two workers have something to do from beginning to end."""

import pytest


def for_two_workers(items: list[pytest.Item]) -> list[pytest.Item]:
    """The long ones come first, so that none begins when there is nothing else left for the other worker.

    What asks no database comes in the middle, where the second of two workers begins (`--dist worksteal`). Meanwhile
    the first one runs the migrations, whose result the second copies (tests/databases.py). Otherwise the order stays,
    Django's: tests with real transactions come last.
    """
    asking = sorted(filter(_asks_database, items), key=lambda item: item.get_closest_marker("slow") is None)
    others = [item for item in items if not _asks_database(item)]
    half = len(items) // 2
    return [*asking[:half], *others, *asking[half:]]


def _asks_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", [])
    return bool(item.get_closest_marker("django_db")) or not {"db", "transactional_db", "live_server"}.isdisjoint(
        fixtures
    )
