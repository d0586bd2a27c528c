"""Committing what a form holds; what keeps it from being committed becomes an error of the form."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from foundation.errors import Refused
from repositories import git
from repositories.actions.files import put_files
from repositories.file_forms import CommitForm
from repositories.models import Repository


def save(
    form: CommitForm,
    repository: Repository,
    files: Mapping[str, git.Readable],
    *,
    actor: User,
    message: str,
    stale: Any,
    replace: bool = False,
) -> bool:
    """Whether `files` were committed, with `message` when the form has none.

    When somebody committed since the form was opened it says `stale`, and is ready to be sent again on top of that.
    Raises whatever else `put_files` refuses.
    """
    message, parent = form.cleaned_data["message"] or message, form.cleaned_data["parent"]
    try:
        put_files(repository, files, actor=actor, message=message, parent=parent, replace=replace)
    except ValidationError as error:
        form.add_error(None, error)
    except Refused as refusal:
        if refusal.code not in ("stale", "exists"):
            raise
        form.add_error(None, str(stale if refusal.code == "stale" else refusal))
        if refusal.code == "stale":
            repository.refresh_from_db(fields=["head"])
            form.begin_again(repository.head)
    return not form.errors
