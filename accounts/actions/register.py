from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import MODERATORS, Membership, Namespace, Organization, OrganizationRole, User
from accounts.names import clean_name, require_not_replaced
from foundation import changes
from foundation.errors import Forbidden, Refused


@transaction.atomic
def register(user: User, *, password: str | None = None) -> User:
    """Save a new `user` and take its name in the shared namespace; without a password it cannot sign in by one.

    Raises ValidationError when the name may not be taken, Refused when somebody took it this moment.
    """
    clean_name(user.username)
    if password is not None:
        user.set_password(password)
    elif not user.password:
        user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
            Namespace.objects.create(name=user.username, user=user)
    except IntegrityError:
        raise Refused(_("Somebody took this name a moment ago. Please choose another one.")) from None
    require_not_replaced(user.username)
    return user


@transaction.atomic
def create_organization(name: str, *, actor: User, fullname: str = "") -> Organization:
    """A new organization with `actor` as its admin. Raises ValidationError when the name may not be taken."""
    clean_name(name)
    organization = Organization.objects.create(name=name, fullname=fullname)
    Namespace.objects.create(name=name, organization=organization)
    require_not_replaced(name)
    Membership.objects.create(user=actor, organization=organization, role=OrganizationRole.ADMIN)
    return organization


@transaction.atomic
def join_organization(user: User, organization: Organization, *, role: str, actor: User) -> Membership:
    """Give `user` the `role` in `organization`. Raises Forbidden unless `actor` is its admin or a superuser."""
    admin = Membership.objects.filter(user=actor, organization=organization, role=OrganizationRole.ADMIN)
    if not (actor.is_superuser or actor.is_system or admin.exists()):
        raise Forbidden(_("Only an admin of the organization can add members."))
    membership, _created = Membership.objects.update_or_create(
        user=user, organization=organization, defaults={"role": OrganizationRole(role)}
    )
    return membership


@transaction.atomic
def make_moderator(user: User, *, actor: User) -> None:
    """Put `user` into the team. Raises Forbidden unless `actor` is a superuser or the system."""
    if not (actor.is_superuser or actor.is_system):
        raise Forbidden(_("Only an administrator can add people to the team."))
    user.groups.add(Group.objects.get(name=MODERATORS))


@transaction.atomic
def confirm_email(user: User, *, actor: User) -> None:
    """Take the e-mail address of `user` as confirmed without a mail. Raises Forbidden unless an administrator asks."""
    if not (actor.is_superuser or actor.is_system):
        raise Forbidden(_("Only an administrator can confirm somebody’s address."))
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )
    changes.tell("address.confirmed", user.pk, actor_id=actor.pk)
