"""What `manage.py check` says of the classifiers in the settings (H2)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, transaction

from classifiers.confined import in_force
from moderation.scoring.declared import BadEntry, declared

WHAT_IS_MISSING = {
    "files": "A hijacked decoder of strangers' files could read whatever Ombud may read: this kernel has no Landlock.",
    "calls": "A hijacked decoder of strangers' files could use the network and start processes: here is no seccomp.",
}


@register("ombud")
def classifiers_are_described(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An error for the first entry of settings.CLASSIFIERS from which no classifier could be loaded."""
    try:
        declared()
    except BadEntry as error:
        hint = "Correct it in settings.CLASSIFIERS, or in the file that OMBUD_CLASSIFIERS names."
        return [Error(f"CLASSIFIERS: {error}", hint=hint, id="ombud.E002")]
    return []


@register("ombud", deploy=True)
def decoders_are_confined(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Says which of what should hold a process that decodes strangers' files this kernel does not have.

    With `check --deploy`.
    """
    missing = [WHAT_IS_MISSING[name] for name, holds in in_force().items() if not holds]
    hint = "Run Ombud on Linux 5.13 or later, x86-64 or ARM, with Landlock and seccomp; see docs/classifiers.md."
    return [checks.Warning(one, hint=hint, id="ombud.W005") for one in missing]


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
