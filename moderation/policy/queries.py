from django.db.models import QuerySet

from foundation.clock import Now
from foundation.compiled import Compiled
from moderation.policy.models import Clause, PolicyVersion


def version_in_force() -> PolicyVersion:
    """The newest version that is in effect now; every decision cites it (J1)."""
    if (version := _newest_in_effect.first()) is None:
        raise PolicyVersion.DoesNotExist
    return version


@Compiled
def _newest_in_effect() -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.filter(effective_at__lte=Now()).order_by("-effective_at")[:1]


def versions() -> QuerySet[PolicyVersion]:
    """Every version, newest first, those included that are not in effect yet."""
    return PolicyVersion.objects.order_by("-number")


def active_clauses() -> QuerySet[Clause]:
    return Clause.objects.filter(active=True).order_by("order")


@Compiled
def clause_in_force(code: str) -> QuerySet[Clause]:
    """The clause of this code with its lane."""
    return Clause.objects.filter(active=True, code=code).select_related("lane")
