"""How each of the team wants to meet harmful content, and how much of it a day (D5).

Private to the person: no page, no API and no admin shows it to anybody else, and nothing counts people by it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from foundation import clock
from moderation.cases.models import Case, Comfort, Exposure
from moderation.cases.permissions import require_team
from moderation.policy.models import Clause

# From this severity on a clause's content counts as harmful, whatever the classifiers say.
SEVERE = 4
KEPT = timedelta(days=30)


def comfort_of(user: User) -> Comfort:
    """What `user` chose; the gentle defaults where nothing was chosen. At most one query."""
    return Comfort.objects.filter(user=user).first() or Comfort(user=user)


@transaction.atomic
def choose_comfort(
    *, blur: bool, greyscale: bool, fold: bool, opted_out: Iterable[Clause], budget: int | None, actor: User
) -> Comfort:
    """Save what `actor` chose for themselves. Raises Forbidden outside of the team."""
    require_team(actor)
    values = {"blur": blur, "greyscale": greyscale, "fold": fold, "budget": budget}
    comfort, _created = Comfort.objects.update_or_create(user=actor, defaults=values)
    comfort.opted_out.set(opted_out)
    return comfort


def opted_out(user: User) -> QuerySet[Clause, int]:
    """Ids of the clauses whose cases `user` does not want to be given; reaching one by its address stays possible."""
    chosen = Comfort.opted_out.through.objects.filter(comfort__user=user)
    return Clause.objects.filter(pk__in=chosen.values("clause")).order_by().values_list("pk", flat=True)


def is_harmful(case: Case, flagged: bool) -> bool:
    """Whether what was reported counts: a classifier flagged it, or its clause is severe."""
    return flagged or case.clause.severity >= SEVERE


def note_exposure(case: Case, *, actor: User) -> None:
    """`actor` saw the harmful content of `case`: once a case and day, for nobody's eyes but their own."""
    Exposure.objects.bulk_create([Exposure(user=actor, case=case, day=_today(), at=clock.now())], ignore_conflicts=True)


def seen_today(user: User) -> int:
    """How many harmful cases `user` saw since midnight of their own day."""
    return Exposure.objects.filter(user=user, day=_today()).count()


def wants_pause(comfort: Comfort) -> bool:
    """Whether the person's own budget of the day is used up: a suggestion, never a bar. At most one query."""
    return bool(comfort.budget) and seen_today(comfort.user) >= (comfort.budget or 0)


def forget_exposures() -> int:
    """Delete what is older than thirty days; returns how many."""
    deleted, _by_model = Exposure.objects.filter(at__lt=clock.now() - KEPT).delete()
    return deleted


def _today() -> date:
    """The day in the active time zone: on a page that of the person."""
    return timezone.localtime(clock.now()).date()
