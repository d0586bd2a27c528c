from django.db.models import QuerySet

from foundation.clock import Now
from moderation.policy.models import Clause, PolicyVersion


def version_in_force() -> PolicyVersion:
    """The newest version that is in effect now; every decision cites it (J1)."""
    return PolicyVersion.objects.filter(effective_at__lte=Now()).latest("effective_at")


def versions() -> QuerySet[PolicyVersion]:
    """Every version, newest first, those included that are not in effect yet."""
    return PolicyVersion.objects.order_by("-number")


def active_clauses() -> QuerySet[Clause]:
    return Clause.objects.filter(active=True).order_by("order")
