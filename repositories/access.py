"""Who may do what with a repository, in one place (A2). Pages, API and the hub's protocol ask here and nowhere else.

|            | see the page         | have the files                 | in lists and feeds     | edit         | manage |
|------------|----------------------|--------------------------------|------------------------|--------------|--------|
| public     | everyone             | everyone                       | of everyone            | write, admin | admin  |
| private    | owner side, readers  | owner side, readers            | of owner side, readers | write, admin | admin  |
| gated      | everyone             | owner side, readers, accepted  | of everyone            | write, admin | admin  |
| disabled   | everyone             | owner side                     | of owner side and team | write, admin | admin  |
| closed     | admins               | admins                         | of admins              | admin        | admin  |
| downgraded | everyone             | everyone                       | of owner side and team | write, admin | admin  |
| NFAA       | everyone, once asked | everyone                       | as each person chose   | write, admin | admin  |
| no card    | without the card     | everyone, without the card     | without its words      | write, admin | admin  |
| removed    | nobody: a notice     | nobody                         | of nobody              | nobody       | nobody |
| deleted    | nobody               | nobody                         | of nobody              | nobody       | nobody |

States combine: what one of them denies stays denied. The owner side is the user, or the members of the organization in
any role. Readers are those whom a stage of the release names (A7): from that stage on, also while a wider one holds,
since a release only widens; they and whoever was accepted read, and no more. A member of the team who opened a
repository, with a reason that its owner can read, sees what the owner side sees until the inspection ends, and changes
nothing; lists show it to nobody for that. Closed is what the team made private (E3): admins are the user whose
repository it is, or the admins of the organization. No card: the team holds it until it has looked, or hides it (E4).
Removed by the team (E4) is gone for the owner side too, which contests it by its letter; whoever would see it otherwise
reads a notice in its place (queries.find).
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Namespace, OrganizationRole, User
from accounts.models.names import EDITING_ROLES
from foundation import clock
from foundation.clock import Now
from foundation.compiled import Compiled
from foundation.errors import Forbidden, Refused
from repositories import release
from repositories.listing import settle_label
from repositories.models import (
    AccessRequest,
    Gating,
    Inspection,
    Reader,
    Repository,
    Restriction,
    Stage,
    Visibility,
)
from repositories.models.restriction import HIDING_CARD

Viewer = User | AnonymousUser | None
# What the team did not make private, or no longer: see Repository.kept_private.
NOT_CLOSED = Q(kept_private=False) | Q(kept_private_until__lte=Now())
# The same of what the team did not remove: see Repository.removed.
NOT_REMOVED = Q(removed=False) | Q(removed_until__lte=Now())


@dataclass(frozen=True)
class Access:
    """What one viewer may do with one repository, and what stands beside it; `restrictions` are the active ones.

    `request` is the viewer's request for access where the repository is gated and the viewer neither on the owner side
    nor a reader; `inspection` is what lets a member of the team in.
    """

    see: bool
    files: bool
    edit: bool
    manage: bool
    owner_side: bool
    restrictions: tuple[Restriction, ...]
    inspection: Inspection | None = None
    request: AccessRequest | None = None

    @property
    def inspecting(self) -> bool:
        return self.inspection is not None

    @property
    def disabled(self) -> bool:
        return any(one.kind == Restriction.Kind.DISABLED for one in self.restrictions)

    @property
    def kept_private(self) -> bool:
        return any(one.kind == Restriction.Kind.PRIVATE for one in self.restrictions)

    @property
    def card_hidden(self) -> bool:
        """Whether the team hides the card, and from this viewer: from all but the owner side.

        Files and everything else stay as they are (E4).
        """
        hidden = any(one.kind in HIDING_CARD for one in self.restrictions)
        return hidden and not (self.owner_side or self.inspecting)

    @property
    def card_held(self) -> bool:
        """Whether it is hidden only until the team has looked."""
        kinds = {one.kind for one in self.restrictions if one.kind in HIDING_CARD}
        return kinds == {Restriction.Kind.CARD_HELD}


def role_in(namespace: Namespace, viewer: Viewer) -> str:
    """The viewer's role on the owner side: "admin" for the user itself, "" for strangers; at most one query."""
    if viewer is None or not viewer.is_authenticated:
        return ""
    if namespace.user_id:
        return OrganizationRole.ADMIN if namespace.user_id == viewer.pk else ""
    membership = Membership.objects.filter(user=viewer.pk, organization=namespace.organization_id).first()
    return membership.role if membership else ""


def access(repository: Repository, viewer: Viewer) -> Access:
    """The table above for `viewer`; two queries, up to three more for strangers where files are closed."""
    release.settle(repository)
    settle_label(repository)
    role = role_in(repository.namespace, viewer) if repository.deleted_at is None else ""
    restrictions = tuple(_restrictions(repository.pk))
    kept_private = any(one.kind == Restriction.Kind.PRIVATE for one in restrictions)
    removed = any(one.kind == Restriction.Kind.REMOVED for one in restrictions)
    if removed or (kept_private and role != OrganizationRole.ADMIN):
        role = ""
    disabled = any(one.kind == Restriction.Kind.DISABLED for one in restrictions)
    public = repository.visibility == Visibility.PUBLIC and not kept_private and not removed
    gated = repository.gating != Gating.NONE
    if repository.deleted_at is not None or role or viewer is None or not viewer.is_authenticated:
        inspection, reads, request = None, False, None
    else:
        closed = not public or gated
        inspection = _inspection(repository, viewer) if closed or disabled else None
        shut_out = kept_private or removed or inspection is not None
        reads = closed and not shut_out and _reads(repository, viewer)
        asked = public and gated and not inspection and not reads
        request = AccessRequest.objects.filter(repository=repository.pk, user=viewer.pk).first() if asked else None
    is_system = isinstance(viewer, User) and viewer.is_system
    see = bool(role or inspection) or is_system or (repository.deleted_at is None and (public or reads))
    accepted = request is not None and request.status == AccessRequest.Status.ACCEPTED
    open_to_viewer = reads or (public and (not gated or accepted))
    return Access(
        see=see,
        files=bool(role or inspection) or (see and open_to_viewer and not disabled),
        edit=role in EDITING_ROLES,
        manage=role == OrganizationRole.ADMIN,
        owner_side=bool(role),
        restrictions=restrictions,
        inspection=inspection,
        request=request,
    )


_restrictions = Compiled(lambda key: Restriction.objects.active().filter(repository=key).order_by("pk"))


def seen_by(viewer: Viewer, *, even_removed: bool = False) -> Q:
    """The table's first column as a condition on repositories: missing and hidden cost one and the same query.

    `even_removed` leaves out that the team removed it: who then sees it, is to read the notice in its place.
    """
    if isinstance(viewer, User) and viewer.is_system:
        return Q()
    seen = Q(visibility=Visibility.PUBLIC) | Q(pk__in=release.opened_by_now())
    closed_to, gone_for = NOT_CLOSED, NOT_REMOVED
    if viewer is not None and viewer.is_authenticated:
        inspected = Q(pk__in=_inspected_by(viewer).values("repository"))
        seen |= Q(namespace__in=own_side(viewer)) | Q(pk__in=read_by(viewer)) | inspected
        closed_to = NOT_CLOSED | Q(namespace__in=managed_by(viewer)) | inspected
        gone_for = NOT_REMOVED | inspected
    found = Q(deleted_at=None) & seen & closed_to
    return found if even_removed else found & gone_for


def people_who_see(repository: Repository) -> Q:
    """The table's first column as a condition on people: for telling many of them of something in one statement.

    Without those who inspect it: an inspection is for looking, so nothing comes of it unasked. At most one query.
    """
    release.settle(repository)
    if repository.deleted_at is not None or is_removed(repository):
        return Q(pk__in=[])
    if is_closed(repository):
        return admins_of(repository.namespace)
    if repository.visibility == Visibility.PUBLIC:
        return Q()
    named = Reader.objects.filter(_began(), stage__repository=repository.pk)
    members = Membership.objects.filter(organization__in=named.values("organization"))
    return people_of(repository.namespace) | Q(pk__in=named.values("user")) | Q(pk__in=members.values("user"))


def people_of(namespace: Namespace) -> Q:
    """The owner side as a condition on people: the user, or the organization's members in any role; no query."""
    if namespace.user_id:
        return Q(pk=namespace.user_id)
    return Q(pk__in=Membership.objects.filter(organization=namespace.organization_id).values("user"))


def admins_of(namespace: Namespace) -> Q:
    """Those of the owner side who manage it, as a condition on people; no query."""
    if namespace.user_id:
        return Q(pk=namespace.user_id)
    admins = Membership.objects.filter(organization=namespace.organization_id, role=OrganizationRole.ADMIN)
    return Q(pk__in=admins.values("user"))


def managed_by(viewer: User) -> QuerySet[Namespace, int]:
    """Ids of the namespaces that `viewer` manages: the own one, and of organizations those where they are an admin."""
    role = {"organization__memberships__user": viewer, "organization__memberships__role": OrganizationRole.ADMIN}
    member = Namespace.objects.filter(**role).values_list("pk", flat=True)
    return Namespace.objects.filter(user=viewer).values_list("pk", flat=True).union(member)


def is_closed(repository: Repository) -> bool:
    """Whether the team made it private and that has not ended; one query where it has an end, else none."""
    until = repository.kept_private_until
    return repository.kept_private and (until is None or until > clock.now())


def is_removed(repository: Repository) -> bool:
    """Whether the team removed it and that has not ended; one query where it has an end, else none."""
    until = repository.removed_until
    return repository.removed and (until is None or until > clock.now())


def own_side(viewer: User) -> QuerySet[Namespace, int]:
    """Ids of the namespaces on whose owner side `viewer` is; a union, because an OR over joins uses no index."""
    member = Namespace.objects.filter(organization__memberships__user=viewer).values_list("pk", flat=True)
    return Namespace.objects.filter(user=viewer).values_list("pk", flat=True).union(member)


def read_by(viewer: User) -> QuerySet[Reader, int]:
    """Ids of the repositories whose release names `viewer`, or an organization of theirs, in a stage that began.

    A stage began with every wider one: who skips it, or begins the next one ahead of its date, narrows for nobody.
    """
    named, member = Reader.objects.filter(user=viewer.pk), Reader.objects.filter(organization__memberships__user=viewer)
    repositories = [rows.filter(_began()).values_list("stage__repository", flat=True) for rows in (named, member)]
    return repositories[0].union(repositories[1])


def _began() -> Exists:
    stages = Stage.objects.reached().filter(repository=OuterRef("stage__repository"))
    return Exists(stages.filter(position__gte=OuterRef("stage__position")))


def _reads(repository: Repository, viewer: User) -> bool:
    organizations = Membership.objects.filter(user=viewer.pk).values("organization")
    named = Q(user=viewer.pk) | Q(organization__in=organizations)
    return Reader.objects.filter(named, _began(), stage__repository=repository.pk).exists()


def _inspected_by(viewer: User) -> QuerySet[Inspection]:
    return Inspection.objects.open().filter(moderator=viewer.pk)


def _inspection(repository: Repository, viewer: User) -> Inspection | None:
    found = _inspected_by(viewer).filter(repository=repository.pk).order_by("-ends_at").first()
    # Whoever left the team keeps nothing open.
    return found if found and viewer.is_team else None


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
