"""Blocking people from all community tabs of a namespace (B2). They read on, report, and are told why."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace, OrganizationRole, User
from community.models import Block
from foundation.errors import Forbidden, Refused
from repositories.access import role_in


@transaction.atomic
def block(namespace: Namespace, user: User, *, actor: User, note: str = "") -> Block:
    """Let `user` post in no community tab of `namespace` any more; what they posted stays.

    `note` is for the owner side; blocking again changes nothing but the note, where one is given. Raises Forbidden
    unless `actor` manages the namespace, Refused for oneself, the owner side, the team and the system actor.
    """
    _require_manage(namespace, actor)
    if user.pk == actor.pk:
        raise Refused(_("You cannot block yourself."), code="oneself")
    if role_in(namespace, user):
        words = _("%(name)s belongs to %(namespace)s: take the role away first.")
        raise Refused(words % {"name": user.username, "namespace": namespace.name}, code="owner_side")
    if user.is_team or user.is_system:
        raise Refused(_("You cannot block our team. You can report what somebody in it did."), code="team")
    changed = {"note": note} if note else {}
    made, _new = Block.objects.update_or_create(
        namespace=namespace, user=user, defaults=changed, create_defaults={"actor": actor, "note": note}
    )
    return made


@transaction.atomic
def unblock(namespace: Namespace, user: User, *, actor: User) -> None:
    """Let `user` post there again; of somebody who is not blocked, nothing changes.

    Raises Forbidden unless `actor` manages the namespace.
    """
    _require_manage(namespace, actor)
    Block.objects.filter(namespace=namespace, user=user).delete()


def _require_manage(namespace: Namespace, actor: User) -> None:
    if role_in(namespace, actor) != OrganizationRole.ADMIN:
        raise Forbidden(_("Only the owner, or an admin of the organization, decides who is blocked there."))
