from django.db import transaction

from accounts.models import User
from repositories.access import require_manage
from repositories.listing import update_listing
from repositories.models import Gating, Repository, Visibility


@transaction.atomic
def change_settings(
    repository: Repository, *, actor: User, visibility: str | None = None, gating: str | None = None
) -> Repository:
    """What the owner chooses: visibility and gating (A2). Raises Forbidden unless `actor` manages the repository."""
    require_manage(repository, actor)
    row = Repository.objects.select_for_update().get(pk=repository.pk)
    if visibility is not None:
        row.visibility = Visibility(visibility)
    if gating is not None:
        row.gating = Gating(gating)
    row.save(update_fields=["visibility", "gating"])
    update_listing(row)
    repository.refresh_from_db()
    return repository
