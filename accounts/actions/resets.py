"""Names that the team replaced by neutral ones, and the ones their holders choose afterwards (B4, E5).

A name stands in three rows: the namespace, and the user or the organization. Here they change together.
"""

import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import NameReset, Namespace, OrganizationRole, User
from accounts.names import clean_name, require_not_replaced
from foundation import changes, clock
from foundation.errors import Forbidden, Refused


@transaction.atomic
def reset_name(namespace: Namespace, *, actor: User) -> NameReset:
    """Replace the name of a person or an organization by a neutral one, until its holder chooses another.

    Who may is decided by the rooms above that call this. Raises Refused where the name is a neutral one already.
    """
    row = _locked(namespace.pk)
    if NameReset.objects.filter(namespace=row, chosen_at=None, lifted_at=None).exists():
        raise Refused(_("This name was replaced already."), code="exists")
    made = NameReset.objects.create(namespace=row, former=row.name, given=_neutral(row), created_at=clock.now())
    _call(row, made.given)
    changes.tell("name.changed", made.pk, actor_id=actor.pk)
    return made


@transaction.atomic
def lift_reset(reset: NameReset, *, actor: User) -> None:
    """Give the name back, unless its holder chose another meanwhile: then that one stays. Twice changes nothing."""
    row = _locked(reset.namespace_id)
    kept = NameReset.objects.select_for_update().get(pk=reset.pk)
    if kept.lifted_at is not None:
        return
    kept.lifted_at = clock.now()
    kept.save(update_fields=["lifted_at"])
    if kept.chosen_at is None:
        _call(row, kept.former)
        changes.tell("name.changed", kept.pk, actor_id=actor.pk)


@transaction.atomic
def choose_name(namespace: Namespace, name: str, *, actor: User) -> None:
    """Take another name in the place of the neutral one, once.

    Raises Forbidden unless `actor` is the person, or an admin of the organization; ValidationError for a name that may
    not be taken, the one before included; Refused where the team replaced no name, or another was chosen already.
    """
    row = _locked(namespace.pk)
    if not _is_holder(row, actor):
        raise Forbidden(_("Only the person, or an admin of the organization, chooses this name."))
    waiting = NameReset.objects.select_for_update().filter(namespace=row, chosen_at=None, lifted_at=None).first()
    if waiting is None:
        raise Refused(_("There is no name to choose here now."), code="not_waiting")
    clean_name(name)
    waiting.chosen_at = clock.now()
    waiting.save(update_fields=["chosen_at"])
    try:
        with transaction.atomic():
            _call(row, name)
    except IntegrityError:
        raise Refused(_("Somebody took this name a moment ago. Please choose another one.")) from None
    require_not_replaced(name)
    changes.tell("name.changed", waiting.pk, actor_id=actor.pk)


def _locked(key: int) -> Namespace:
    rows = Namespace.objects.select_for_update(of=("self",), no_key=True).select_related("user", "organization")
    return rows.get(pk=key)


def _is_holder(row: Namespace, actor: User) -> bool:
    if row.user_id:
        return row.user_id == actor.pk
    memberships = actor.memberships.filter(organization=row.organization_id, role=OrganizationRole.ADMIN)
    return memberships.exists()


def _neutral(row: Namespace) -> str:
    return f"{'user' if row.user_id else 'organization'}-{secrets.token_hex(5)}"


def _call(row: Namespace, name: str) -> None:
    """Give the holder of the locked `row` this name everywhere."""
    row.name = name
    row.save(update_fields=["name"])
    if row.user is not None:
        row.user.username = name
        row.user.save(update_fields=["username"])
    elif row.organization is not None:
        row.organization.name = name
        row.organization.save(update_fields=["name"])
