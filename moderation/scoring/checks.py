"""What `manage.py check` says of the classifiers in the settings (H2)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from moderation.scoring.declared import BadEntry, declared


@register("ombud")
def classifiers_are_described(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An error for the first entry of settings.CLASSIFIERS from which no classifier could be loaded."""
    try:
        declared()
    except BadEntry as error:
        hint = "Correct it in settings.CLASSIFIERS, or in the file that OMBUD_CLASSIFIERS names."
        return [Error(f"CLASSIFIERS: {error}", hint=hint, id="ombud.E002")]
    return []
