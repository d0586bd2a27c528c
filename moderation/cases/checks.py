"""What `manage.py check --deploy` says of the lanes (C9)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register  # noqa: A004 - its name in Django
from django.db import DatabaseError


@register("ombud", deploy=True)
def lanes_have_people(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A warning for every lane for a named role that nobody active has: what comes in there, nobody sees."""
    from moderation.cases.overview.lane import lanes_without_people

    try:
        empty = lanes_without_people()
    except DatabaseError:
        return []  # no database, or none that was migrated: other checks say so
    hint = "Put somebody of the team into its group, in the administration under “Groups”."
    return [
        Warning(f"Nobody works in the lane “{lane.code}”: its cases wait unseen.", hint=hint, id="ombud.W001")
        for lane in empty
    ]
