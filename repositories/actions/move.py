"""Renaming, transferring and deleting a repository (architecture, "Names", "Deleting")."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace, OrganizationRole, User
from foundation import changes, clock
from foundation.errors import Forbidden, Refused
from repositories.access import require_manage, role_in
from repositories.actions.release import end_plan
from repositories.former import address_of, address_used, require_unused
from repositories.indexing import index
from repositories.listing import update_listing
from repositories.models import FormerAddress, Repository
from repositories.names import clean_repository_name


@transaction.atomic
def move_repository(repository: Repository, *, namespace: Namespace, name: str, actor: User) -> Repository:
    """Give a repository another name, another owner or both; its old address sends people on for good.

    Whatever belongs to it goes along: files, discussions, likes, requests, restrictions, what the team decided. Names
    are not used again: an address where another repository lies or lay is refused; its own former one is not.

    Raises ValidationError for a bad name, Forbidden unless `actor` manages the repository and is admin where it goes,
    Refused for an address that is taken or the one it has.
    """
    clean_repository_name(name)
    row = _lock(repository, actor)
    if role_in(namespace, actor) != OrganizationRole.ADMIN:
        raise Forbidden(_("You can transfer a repository to yourself, or to an organization whose admin you are."))
    before = address_of(row)
    if (row.namespace_id, row.name) == (namespace.pk, name):
        raise Refused(_("This is the name it has."), code="same")
    row.namespace, row.name = namespace, name
    try:
        with transaction.atomic():
            row.save(update_fields=["namespace", "name"])
    except IntegrityError:
        raise address_used() from None
    # Asked after taking the address: whoever left it a moment ago has committed by now.
    require_unused(row)
    FormerAddress.objects.filter(repository=row, **address_of(row)).delete()
    if address_of(row) != before:
        FormerAddress.objects.create(repository=row, **before)
    changes.tell("repository.moved", row.pk, actor_id=actor.pk)
    index(row)
    repository.refresh_from_db()
    return repository


@transaction.atomic
def delete_repository(repository: Repository, *, actor: User) -> None:
    """Take a repository from everybody's sight for good: pages, lists, search, files, protocol (A2).

    The row stays, so that its name stays taken and what was moderated can be followed; its files stay on disk until
    nothing holds them as evidence. Raises Forbidden unless `actor` manages it, the 404 of a missing one when it is
    deleted already.
    """
    row = _lock(repository, actor)
    end_plan(row)
    row.deleted_at = clock.now()
    row.save(update_fields=["deleted_at"])
    update_listing(row)
    repository.refresh_from_db()


def _lock(repository: Repository, actor: User) -> Repository:
    row = (
        Repository.objects.select_for_update(no_key=True, of=("self",))
        .select_related("namespace")
        .get(pk=repository.pk)
    )
    require_manage(row, actor)
    return row
