"""Scoring what waits: many rows, one pass of the classifier (H1; the way of a report, step 2)."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from classifiers.normalise import Normalised, normalise
from classifiers.text import LabelScore, default_classifier
from foundation import changes, clock
from foundation.work import claim, finish, put_back
from moderation.cases.models import Case
from moderation.cases.priority import update_priority
from moderation.scoring.actions import revision_of, save_embeddings, save_scores
from moderation.scoring.models import ScoreRequest

logger = logging.getLogger(__name__)
BATCH = 128
LEASE = timedelta(seconds=30)
PIECE = 200_000  # characters


def score_pending() -> int:
    """Score every request that is due; returns how many. Rings that come meanwhile find nothing left to do.

    Raises what loading the classifier raises, before it takes any: no request is blamed for a broken model.
    """
    default_classifier()
    count = 0
    while claimed := claim(ScoreRequest.objects.select_related("snapshot"), limit=BATCH, lease=LEASE):
        count += sum(_score(piece) for piece in _pieces(claimed))
    return count


def _pieces(requests: list[ScoreRequest]) -> Iterator[list[ScoreRequest]]:
    """`requests` in runs of at most PIECE characters, or of one text: each is scored and saved on its own.

    Many long texts take longer than a lease. In one piece, whoever took over would do all of it again, for ever.
    """
    piece: list[ScoreRequest] = []
    size = 0
    for request in requests:
        length = len(request.snapshot.content)
        if piece and size + length > PIECE:
            yield piece
            piece, size = [], 0
        piece.append(request)
        size += length
    if piece:
        yield piece


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
    revision = revision_of(classifier.provenance)
    with transaction.atomic():
        # Before the work, so that the rows are locked as long as it takes: a long text may outlast its lease.
        ours = finish(requests)
        if not ours:
            return 0
        started = time.perf_counter()
        read = [normalise(one.snapshot.content) for one in ours]
        readings = classifier.read([one.text for one in read])
        scores = [
            [as_written(label, of_text) for label in reading.scores]
            for of_text, reading in zip(read, readings, strict=True)
        ]
        milliseconds = (time.perf_counter() - started) * 1000
        cases = _locked_cases([one.snapshot.subject_id for one in ours])
        save_scores([one.snapshot for one in ours], scores, revision=revision, milliseconds=milliseconds)
        save_embeddings([one.snapshot for one in ours], readings, revision=revision)
        _update_cases(cases)
        for one in ours:
            changes.tell("snapshot.scored", one.snapshot_id, actor_id=None)
    return len(ours)


def as_written(score: LabelScore, read: Normalised) -> LabelScore:
    """`score` of a text as it reads, with the window that decided as characters of the snapshot (H2)."""
    start, end = read.span(score.start, score.end)
    return replace(score, start=start, end=end)


def _locked_cases(subject_ids: list[int]) -> list[Case]:
    """The open cases about these subjects, before their snapshots: whoever locks words away takes them so (C9)."""
    rows = Case.objects.select_for_update(of=("self",)).select_related(
        "clause",
        "subject__repository",
        "subject__discussion__repository",
        "subject__comment__discussion__repository",
    )
    return list(rows.filter(subject__in=subject_ids, state=Case.State.OPEN).order_by("pk"))


def _update_cases(cases: list[Case]) -> None:
    """New scores move the priority of their cases, not their version: nobody's decision goes stale (D4)."""
    now = clock.now()
    for case in cases:
        update_priority(case, now)
