"""A new version of a classifier took over: from now on its scores count in the place of those before it."""

from datetime import timedelta

from django.db import transaction

from foundation import changes, clock
from foundation.models import Change
from foundation.work import claim, finish, put_back
from moderation.cases.models import Case
from moderation.cases.priority import update_priorities
from moderation.scoring.models import Classifier, Score
from moderation.scoring.versions import hand_over, state_now
from moderation.subjects.models import Snapshot

LEASE = timedelta(minutes=10)
PORTION = 500  # snapshots in a transaction


def replace_scores() -> int:
    """Follow every take-over that was told since, a portion in a transaction; returns how many.

    Whoever dies in between leaves it to the next one, who finds only what is left.
    """
    count = 0
    while claimed := claim(Change.objects.filter(kind="classifier.replaced"), limit=1, lease=LEASE):
        try:
            _follow(claimed[0])
        except Exception as error:  # noqa: BLE001 - whatever fails, the row stays and says why
            put_back(claimed[0], error)
            continue
        with transaction.atomic():
            count += len(finish(claimed))
    return count


def _follow(change: Change) -> None:
    row = Classifier.objects.get(pk=change.object_id)
    if not row.counts:
        return  # a third version took over meanwhile, and has a change of its own
    with transaction.atomic():
        hand_over(row)
    after = 0
    while keys := _next(row, after):
        if not _replace(row, keys):
            return
        after = keys[-1]


def _next(row: Classifier, after: int) -> list[int]:
    """Snapshots that `row` scored on trial, by ascending id."""
    scored = Score.objects.filter(revision__classifier=row.code, counts=False, snapshot__gt=after)
    return list(scored.order_by("snapshot").values_list("snapshot", flat=True).distinct()[:PORTION])


@transaction.atomic
def _replace(row: Classifier, keys: list[int]) -> bool:
    """Whether `row` still counts: what took over since has a change of its own, and must not be overtaken."""
    if state_now(row) != Classifier.State.ACTIVE:
        return False
    cases = Case.objects.select_for_update(of=("self",)).select_related("clause", "subject")
    subjects = Snapshot.objects.filter(pk__in=keys).values("subject")
    held = list(cases.filter(subject__in=subjects, state=Case.State.OPEN).order_by("pk"))
    of_these = Score.objects.filter(snapshot__in=keys)
    others = of_these.filter(revision__classifier__startswith=f"{row.name}@", counts=True)
    others.exclude(revision__classifier=row.code).update(counts=False)
    of_these.filter(revision__classifier=row.code).update(counts=True)
    update_priorities(held, clock.now())
    changes.tell_all("snapshot.scored", keys, actor_id=None)
    return True
