"""What `manage.py check` says of the classifiers in the settings (H2)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, transaction

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


@register("ombud", Tags.database)
def texts_are_read(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Says that no classifier of texts counts, once there are any: what is reported waits, and nothing else shows it.

    With `check --database default`. No error, which would keep `migrate` from mending it.
    """
    from moderation.scoring.models import Classifier

    if not databases:
        return []
    texts = Classifier.objects.filter(kind=Classifier.Kind.TEXT)
    try:
        with transaction.atomic():
            silent = texts.exists() and not texts.filter(state=Classifier.State.ACTIVE).exists()
    except DatabaseError:  # not migrated yet
        return []
    if not silent:
        return []
    hint = "Have a version take over in the administration, or name another one in settings.CLASSIFIERS."
    return [checks.Warning("No classifier of texts is active: what is reported waits.", hint=hint, id="ombud.W003")]
