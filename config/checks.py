"""System checks that say what to do (L1)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from config.environment import address


@register(Tags.database)
def database_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An error when no database was named and none is running."""
    if address("DATABASE_URL"):
        return []
    hint = "Start one with `make run` in another terminal, or set DATABASE_URL to a PostgreSQL server."
    return [Error("Ombud does not know its database.", hint=hint, id="ombud.E001")]
