"""Scoring what waits in a worker that does other work too (H1; the way of a report, step 2).

Where the scorer is a service of its own, `manage.py score` does the same through the same steps, and this nothing.
"""

import logging

from django.conf import settings
from django.db import transaction

from foundation import bells
from foundation.work import put_back
from moderation.automation.batches import (
    Batch,
    RetiredMeanwhile,
    claim,
    compute,
    gives_up,
    prepare,
    ready_ones,
    save,
    save_computed,
)
from moderation.scoring import leases
from moderation.scoring.drawing import draw

logger = logging.getLogger(__name__)


def answer_bell() -> int:
    """Score what waits, unless a service does; returns how many."""
    return 0 if settings.SCORER == "service" else score_pending()


def score_pending() -> int:
    """Score every request that is due; returns how many. Rings that come meanwhile find nothing left to do.

    Texts first; files and versions on trial take turns, and after each round it is looked for texts again.
    A classifier that cannot be loaded takes none: no request is blamed for a broken model, and it goes on waiting.
    """
    count = 0
    ready, rows = ready_ones()
    found = True
    while found:
        draw(rows)
        found = False
        for one in list(ready):
            try:
                while batches := claim(one) if one.urgent else claim(one, one.few):
                    count += sum(score(batch) for batch in batches)
                    if not one.urgent:
                        found = True
                        break
            except RetiredMeanwhile:
                # What it had waits for the version that took over; whatever is left of its leases runs out.
                ready.remove(one)
                bells.ring("score_pending")
    return count


def score(batch: Batch) -> int:
    """Score a batch and save it; what fails is halved until it is one text, which is put back with its error.

    Raises RetiredMeanwhile.
    """
    try:
        return _score_at_once(batch)
    except RetiredMeanwhile:
        leases.give_back(batch.token, [one.pk for one in batch.requests])
        raise
    except Exception as error:  # noqa: BLE001 - one poisoned text, or too little memory, must not hold up the others
        if len(batch.requests) == 1:
            if gives_up(batch, error):
                return save_computed(batch)
            put_back(batch.requests[0], error)
            return 0
        logger.warning("A batch of %s failed (%s); halving it.", len(batch.requests), type(error).__name__)
        return sum(score(half) for half in batch.halves())


def _score_at_once(batch: Batch) -> int:
    with transaction.atomic():
        # Before the work, so that the rows are locked as long as it takes: a long text may outlast its lease.
        ours = leases.complete(batch.token, [one.pk for one in batch.requests])
        if not ours:
            return 0
        batch.requests = [one for one in batch.requests if one.pk in ours]
        prepare(batch)
        compute(batch)
        return save(batch, ours)
