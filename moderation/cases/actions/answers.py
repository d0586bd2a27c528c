from django.db import transaction

from accounts.models import User
from moderation.cases.events import record
from moderation.cases.feedback import NEWS, wait_for_reader
from moderation.cases.models import Case
from moderation.cases.permissions import require_no_stake, require_team


@transaction.atomic
def read_answers(case: Case, *, actor: User, seen: int) -> None:
    """Take the answers up to event number `seen` for read (G3); those that came later wait on. Raises Forbidden.

    Changes nothing where no answer up to there waits, so a second click does no harm.
    """
    require_team(actor)
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    require_no_stake(row, actor)
    if row.answered_at is None:
        return
    waiting = row.events.filter(kind__in=NEWS, at__gte=row.answered_at).order_by("number")
    if not waiting.filter(number__lte=seen).exists():
        return
    # What was read is said before: no decision becomes stale by it.
    record(row, "answers.read", actor=actor, data={"until": seen}, moves=False)
    wait_for_reader(row, waiting.filter(number__gt=seen).first())
