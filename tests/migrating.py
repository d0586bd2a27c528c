"""The migrations of a test database, in a sixth of the time.

For every operation Django makes the classes of nearly all models again, because nearly all are related to the person.
Most operations ask only for that of their own model, and of related ones for table and key: here only that one is made
again. Others may then still refer to an older class; Django itself works so for plain fields (`is_delayed`), and makes
everything again before Python code of a migration runs. The tables come out the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.migrations import operations
from django.db.migrations.state import ProjectState

# Of a kind that is not among these, everything is made again before it changes the database.
PLAIN = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
    operations.AlterModelOptions,
    operations.RunSQL,
    operations.RunPython,
)


@contextmanager
def only_what_is_asked_for() -> Iterator[None]:
    """Inside, migrations run so."""
    kinds: set[Any] = {kind for kind in vars(operations).values() if isinstance(kind, type)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectState, "reload_model", _reload_model)
        for kind in kinds.difference(PLAIN):
            patch.setattr(kind, "database_forwards", _with_relations(kind.database_forwards))
        yield


def _reload_model(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    if "apps" in self.__dict__:
        self.is_delayed = True
        self._reload({(app_label, model_name)})


def _with_relations(forwards: Any) -> Any:
    def run(self: Any, app_label: str, editor: Any, before: Any, after: Any) -> None:
        # Relations to a field matter where others may refer to it.
        if not isinstance(self, operations.AlterField) or self.field.unique:
            before.clear_delayed_apps_cache()
            after.clear_delayed_apps_cache()
        forwards(self, app_label, editor, before, after)

    return run
