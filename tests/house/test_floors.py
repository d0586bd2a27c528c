"""The floors of the house hold for relations between models too, which the import linter cannot see."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

CONTRACT = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["tool"]["importlinter"]
FLOORS: list[str] = CONTRACT["contracts"][0]["layers"]
OURS = [model for model in apps.get_models() if any(model.__module__.startswith(f"{floor}.") for floor in FLOORS)]


def floor_of(model: type) -> int:
    """0 is the top."""
    return next(number for number, floor in enumerate(FLOORS) if model.__module__.startswith(f"{floor}."))


def test_every_room_is_a_floor() -> None:
    home = Path(settings.BASE_DIR)
    rooms = {
        config.name for config in apps.get_app_configs() if Path(config.path).parts[: len(home.parts)] == home.parts
    }
    assert {room for room in rooms if (home / room.replace(".", "/")).is_dir()} <= set(FLOORS)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_relations_point_down_only(model: type) -> None:
    for field in model._meta.get_fields():  # type: ignore[attr-defined]
        if field.is_relation and not field.auto_created and field.related_model in OURS:
            assert floor_of(field.related_model) >= floor_of(model), f"{model.__name__}.{field.name} points up"
