"""Who a person is on this hub."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import SYSTEM, InboxMessage, Membership, Namespace, Organization, OrganizationRole, Token, User
from accounts.models.names import EDITING_ROLES
from foundation.clock import Now
from foundation.compiled import Compiled
from foundation.errors import Refused


def system_actor() -> User:
    """The named actor of automation and of the team's public words."""
    (actor,) = _system()
    return actor


_system = Compiled(lambda: User.objects.filter(username=SYSTEM))


def unread_messages(user: User) -> QuerySet[InboxMessage]:
    return InboxMessage.objects.filter(recipient=user, read_at=None)


def inbox(user: User) -> QuerySet[InboxMessage]:
    return InboxMessage.objects.filter(recipient=user).order_by("-created_at", "-id")


def find_message(user: User, public_id: UUID) -> InboxMessage:
    """The message in the inbox of `user`. Raises the same 404 for one that is missing and one of somebody else."""
    message = InboxMessage.objects.filter(recipient=user, public_id=public_id).first()
    if message is None:
        raise Refused(_("There is no such message in your inbox."), code="not_found", status=404)
    return message


def tokens_of(user: User) -> QuerySet[Token]:
    """Tokens of `user` whose time is not over, newest first."""
    holds = Q(expiry=None) | Q(expiry__gt=Now())
    rows: QuerySet[Token] = Token.objects.filter(holds, user=user).order_by("-created", "digest")
    return rows


def find_namespace(name: str) -> Namespace:
    """The namespace of a person or organization, with its holder, in any case. Raises Refused (404)."""
    namespace = Namespace.objects.named(name).select_related("user", "organization").first()
    if namespace is None:
        raise Refused(_("There is nobody of this name here."), code="not_found", status=404)
    return namespace


def people_named(names: Sequence[str]) -> QuerySet[User]:
    """The people of these user names, which are given in lower case; guests have no name here."""
    return User.objects.alias(lower_name=Lower("username")).filter(lower_name__in=names, is_guest=False)


def members_of(organization: Organization) -> QuerySet[Membership]:
    """Members with their roles, admins first."""
    return Membership.objects.filter(organization=organization).select_related("user").order_by("role", "pk")


def memberships_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("organization").order_by("organization__name")


def namespaces_seen_by(user: User) -> QuerySet[Namespace]:
    """Namespaces whose private things `user` sees: the own one, and organizations in any role."""
    return Namespace.objects.filter(Q(user=user) | Q(organization__memberships__user=user))


def namespaces_edited_by(user: User) -> QuerySet[Namespace]:
    """Namespaces `user` may publish in: the own one, and organizations with write or admin."""
    editor = Q(organization__memberships__user=user, organization__memberships__role__in=EDITING_ROLES)
    return Namespace.objects.filter(Q(user=user) | editor)


def namespaces_managed_by(user: User) -> QuerySet[Namespace]:
    """Namespaces whose settings `user` may change: the own one, and organizations with the role admin."""
    admin = Q(organization__memberships__user=user, organization__memberships__role=OrganizationRole.ADMIN)
    return Namespace.objects.filter(Q(user=user) | admin)


def people_told_about(namespace: Namespace) -> list[User]:
    """Who hears what concerns things in `namespace`: the user, or the organization's admins."""
    if namespace.user_id:
        return list(User.objects.filter(pk=namespace.user_id))
    assert namespace.organization_id is not None
    return admins_of(namespace.organization_id)


def admins_of(organization_id: int) -> list[User]:
    """The admins of an organization whose accounts are open."""
    admins = Membership.objects.filter(organization=organization_id, role=OrganizationRole.ADMIN)
    return list(User.objects.filter(memberships__in=admins, is_active=True).order_by("pk"))
