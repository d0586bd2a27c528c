"""Nothing accepted is lost and nothing is done twice when a worker is killed with -9 (L3)."""

from datetime import timedelta

from django.db.models import Count

from foundation.clock import now
from foundation.models import Change
from moderation.cases.actions import receive_report
from moderation.scoring.models import Score, ScoreRequest
from tests.conftest import concurrent
from tests.processes import database_url, kill, wait_until, worker


def done() -> int:
    return ScoreRequest.objects.filter(done_at__isnull=False).count()


@concurrent
def test_a_killed_worker_loses_nothing(tmp_path, written, reporter, clause, pass_time) -> None:
    for number in range(150):
        comment = written(f"{number}: what a stupid idea, you idiot. " * 20)
        receive_report(comment, clause=clause("harassment"), text="He insults us.", actor=reporter)
    with worker(tmp_path, database_url(), "first") as first:
        _ring("first")
        wait_until(lambda: ScoreRequest.objects.filter(lease__isnull=False).exists(), why="a claim")
        kill(first)
    assert done() < 150
    assert ScoreRequest.objects.filter(done_at=None, lease_until__gt=now()).exists(), "killed with work in hand"

    pass_time(timedelta(minutes=5))  # the leases of the dead run out
    with worker(tmp_path, database_url(), "second"):
        _ring("second")
        wait_until(lambda: done() == 150, why="the rest", seconds=120)
    labels = Score.objects.values("snapshot").annotate(n=Count("pk")).values_list("n", flat=True)
    assert (len(labels), set(labels)) == (150, {9})  # each label of the default model, once
    assert Change.objects.filter(kind="snapshot.scored").count() == 150


def _ring(queue: str) -> None:
    """What the sweep does every minute."""
    import dramatiq

    from foundation.broker import make_broker

    broker = make_broker(database_url())
    broker.declare_queue(queue)
    message: dramatiq.Message[None] = dramatiq.Message(
        queue_name=queue, actor_name="score_pending", args=(), kwargs={}, options={}
    )
    broker.enqueue(message)
    broker.close()
