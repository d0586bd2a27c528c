from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from repositories import git
from repositories.access import require_edit
from repositories.actions.head import move_head
from repositories.models import Repository


@transaction.atomic
def merge(repository: Repository, theirs: str, *, actor: User, message: str, pull_request: int) -> str:
    """Bring commit `theirs` and its history into main with a commit of two parents; returns that commit's id (B1).

    `pull_request` is the number of the discussion that proposed it. Raises Forbidden unless `actor` edits the
    repository, Refused (409) naming the files that both sides changed.
    """
    require_edit(repository, actor)
    row = (
        Repository.objects.select_for_update(no_key=True, of=("self",))
        .select_related("namespace")
        .get(pk=repository.pk)
    )
    if found := git.try_merge(row, row.head, theirs).conflicts:
        raise conflict(found)
    moment = clock.now()
    oid = git.write_merge(row, row.head, theirs, author=actor.username, message=message, at=moment)
    move_head(row, oid, actor=actor, at=moment, pull_request=pull_request)
    repository.refresh_from_db()
    return oid


def conflict(paths: Sequence[str]) -> Refused:
    """What whoever merges is told, with the first paths that both sides changed."""
    message = _("Both sides changed these files: %(paths)s. Bring them together in a new pull request.")
    return Refused(message % {"paths": ", ".join(paths[:10])}, code="conflict")
