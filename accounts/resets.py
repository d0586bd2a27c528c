"""What somebody is called now whose name the team replaced: for whatever keeps names as text (B4)."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import NameReset, OrganizationRole, User


def names_now(names: Collection[str]) -> dict[str, str]:
    """Of those `names`, given in lower case, that the team replaced or made: what their holders are called now.

    One query, none for no names.
    """
    if not names:
        return {}
    rows = NameReset.objects.alias(lower_former=Lower("former"))
    rows = rows.filter(Q(lower_former__in=names) | Q(given__in=names)).annotate(now=F("namespace__name"))
    found = list(rows.order_by("pk").values_list("former", "given", "now"))
    return {name.lower(): now for former, given, now in found for name in (former, given)}


def is_replaced(owner: str = "owner") -> Exists:
    """Whether the column `owner`, a name in lower case, is one that the team replaced: no address leads on from it."""
    replaced = NameReset.objects.alias(lower_former=Lower("former")).filter(lower_former=OuterRef(owner))
    return Exists(replaced.filter(lifted_at=None))


def to_choose(user: User) -> QuerySet[NameReset]:
    """Neutral names in whose place `user` can choose another: the own, and those of organizations as their admin."""
    waiting = NameReset.objects.filter(chosen_at=None, lifted_at=None)
    admin = Q(
        namespace__organization__memberships__user=user,
        namespace__organization__memberships__role=OrganizationRole.ADMIN,
    )
    rows = waiting.filter(Q(namespace__user=user) | admin).select_related("namespace")
    return rows.order_by("namespace__organization", "pk").distinct()
