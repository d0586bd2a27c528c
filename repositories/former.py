"""No address is used again where a repository lies, lay or was deleted (architecture, "Names")."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories.models import FormerAddress, Repository


def address_of(row: Repository) -> dict[str, str]:
    """Its address as columns of FormerAddress; needs its namespace."""
    return {"kind": row.kind, "owner": row.namespace.name.lower(), "name": row.name.lower()}


def require_unused(row: Repository) -> None:
    """Raise Refused where another repository lay before `row`.

    To be asked after `row` took the address, in one transaction: whoever left it a moment ago has committed by then.
    """
    if FormerAddress.objects.filter(**address_of(row)).exclude(repository=row.pk).exists():
        raise address_used()


def address_used() -> Refused:
    return Refused(
        _("There is, or was, a repository of this name and kind. Names are not used again: please choose another one."),
        code="exists",
    )
