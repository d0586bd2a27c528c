"""Who may do what with a repository, in one place (A2). Pages, API and the hub's protocol ask here and nowhere else.

|              | see the page        | have the files                        | edit         | manage       |
|--------------|---------------------|---------------------------------------|--------------|--------------|
| public       | everyone            | everyone                              | write, admin | admin        |
| private      | owner side          | owner side                            | write, admin | admin        |
| gated        | everyone            | owner side                            | write, admin | admin        |
| disabled     | everyone            | owner side                            | write, admin | admin        |
| downgraded   | everyone            | everyone, but in no list or feed      | write, admin | admin        |

The owner side is the user, or the members of the organization in any role.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Namespace, OrganizationRole, User
from accounts.models.names import EDITING_ROLES
from foundation.errors import Forbidden, Refused
from repositories.models import Gating, Repository, Restriction, Visibility

Viewer = User | AnonymousUser | None


@dataclass(frozen=True)
class Access:
    """What one viewer may do with one repository, and what stands beside it; `restrictions` are the active ones."""

    see: bool
    files: bool
    edit: bool
    manage: bool
    owner_side: bool
    restrictions: tuple[Restriction, ...]

    @property
    def disabled(self) -> bool:
        return any(one.kind == Restriction.Kind.DISABLED for one in self.restrictions)


def role_in(namespace: Namespace, viewer: Viewer) -> str:
    """The viewer's role on the owner side: "admin" for the user itself, "" for strangers; at most one query."""
    if viewer is None or not viewer.is_authenticated:
        return ""
    if namespace.user_id:
        return OrganizationRole.ADMIN if namespace.user_id == viewer.pk else ""
    membership = Membership.objects.filter(user=viewer.pk, organization=namespace.organization_id).first()
    return membership.role if membership else ""


def access(repository: Repository, viewer: Viewer) -> Access:
    """The table above for `viewer`; two queries."""
    role = role_in(repository.namespace, viewer)
    restrictions = tuple(Restriction.objects.active().filter(repository=repository.pk).order_by("pk"))
    disabled = any(one.kind == Restriction.Kind.DISABLED for one in restrictions)
    is_system = isinstance(viewer, User) and viewer.is_system
    see = bool(role) or is_system or repository.visibility == Visibility.PUBLIC
    return Access(
        see=see,
        files=bool(role) or (see and repository.gating == Gating.NONE and not disabled),
        edit=role in EDITING_ROLES,
        manage=role == OrganizationRole.ADMIN,
        owner_side=bool(role),
        restrictions=restrictions,
    )


def seen_by(viewer: Viewer) -> Q:
    """The table's first column as a condition on repositories: missing and hidden cost one and the same query."""
    if isinstance(viewer, User) and viewer.is_system:
        return Q()
    if viewer is None or not viewer.is_authenticated:
        return Q(visibility=Visibility.PUBLIC)
    return Q(visibility=Visibility.PUBLIC) | Q(namespace__in=own_side(viewer))


def own_side(viewer: User) -> QuerySet[Namespace, int]:
    """Ids of the namespaces on whose owner side `viewer` is; a union, because an OR over joins uses no index."""
    member = Namespace.objects.filter(organization__memberships__user=viewer).values_list("pk", flat=True)
    return Namespace.objects.filter(user=viewer).values_list("pk", flat=True).union(member)


def not_found() -> Refused:
    """One answer for what is not there and what is not to be seen (A2)."""
    return Refused(_("There is no such repository, or it is private."), code="not_found", status=404)


def require_see(repository: Repository, viewer: Viewer) -> Access:
    """Raise the same 404 as for a name that was never there, unless `viewer` sees the repository."""
    found = access(repository, viewer)
    if not found.see:
        raise not_found()
    return found


def require_files(repository: Repository, viewer: Viewer) -> Access:
    """Raise Forbidden, saying why, unless `viewer` may have the files."""
    found = require_see(repository, viewer)
    if found.files:
        return found
    if found.disabled:
        raise Forbidden(_("Access to this repository is disabled: its files are only there for its owner."))
    raise Forbidden(_("This repository is gated: its files are there for those whom the owner lets in."))


def require_edit(repository: Repository, actor: User) -> Access:
    """Raise Forbidden unless `actor` may change the files."""
    found = require_see(repository, actor)
    if not found.edit:
        raise Forbidden(_("Only its owner can change the files of this repository."))
    return found


def require_manage(repository: Repository, actor: User) -> Access:
    """Raise Forbidden unless `actor` may change the settings."""
    found = require_see(repository, actor)
    if not found.manage:
        raise Forbidden(_("Only its owner can change the settings of this repository."))
    return found


def require_publish(namespace: Namespace, actor: User) -> None:
    """Raise Forbidden unless `actor` may create repositories in `namespace`."""
    if role_in(namespace, actor) not in EDITING_ROLES:
        raise Forbidden(_("You cannot publish under this name: you need the role “write” or “admin” there."))
