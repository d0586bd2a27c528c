"""Scoring what waits: many rows, one pass of the classifier (H1; the way of a report, step 2)."""

import logging
import time
from datetime import timedelta

from django.db import transaction

from classifiers.text import default_classifier
from foundation import changes, clock
from foundation.work import claim, finish, put_back
from moderation.cases.models import Case
from moderation.cases.priority import update_priority
from moderation.scoring.actions import revision_of, save_scores
from moderation.scoring.models import ScoreRequest

logger = logging.getLogger(__name__)
BATCH = 128
LEASE = timedelta(seconds=30)


def score_pending() -> int:
    """Score every request that is due; returns how many. Rings that come meanwhile find nothing left to do."""
    count = 0
    while claimed := claim(ScoreRequest.objects.select_related("snapshot"), limit=BATCH, lease=LEASE):
        count += _score(claimed)
    return count


def _score(requests: list[ScoreRequest]) -> int:
    try:
        return _score_batch(requests)
    except Exception as error:  # noqa: BLE001 - one poisoned text must not hold up the others
        if len(requests) == 1:
            put_back(requests[0], error)
            return 0
        logger.warning("A batch of %s failed (%s); scoring them one by one.", len(requests), type(error).__name__)
        return sum(_score([request]) for request in requests)


def _score_batch(requests: list[ScoreRequest]) -> int:
    classifier = default_classifier()
    started = time.perf_counter()
    scores = classifier.score([one.snapshot.content for one in requests])
    milliseconds = (time.perf_counter() - started) * 1000
    revision = revision_of(classifier.provenance)
    by_request = dict(zip((one.pk for one in requests), scores, strict=True))
    with transaction.atomic():
        ours = finish(requests)
        save_scores(
            [one.snapshot for one in ours],
            [by_request[one.pk] for one in ours],
            revision=revision,
            milliseconds=milliseconds,
        )
        _update_cases([one.snapshot.subject_id for one in ours])
        for one in ours:
            changes.tell("snapshot.scored", one.snapshot_id, actor_id=None)
    return len(ours)


def _update_cases(subject_ids: list[int]) -> None:
    """New scores move the priority of their cases, not their version: nobody's decision goes stale (D4)."""
    rows = Case.objects.select_for_update(of=("self",)).select_related(
        "clause",
        "subject__repository",
        "subject__discussion__repository",
        "subject__comment__discussion__repository",
    )
    now = clock.now()
    for case in rows.filter(subject__in=subject_ids, state=Case.State.OPEN).order_by("pk"):
        update_priority(case, now)
