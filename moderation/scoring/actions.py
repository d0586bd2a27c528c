"""Asking for scores and saving them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from django.db import connection
from django.db.models import QuerySet

from classifiers.text import LabelScore, Provenance, Reading
from foundation import bells
from foundation.drafts import draft
from foundation.many import insert_many
from foundation.rows import insert
from moderation.scoring.models import BlurredPreview, ClassifierRevision, Embedding, Score, ScoreRequest
from moderation.subjects.models import Snapshot

_SAVE_EMBEDDINGS = """
WITH open_ones AS (
    SELECT snapshot.id, given.vector
    FROM subjects_snapshot snapshot JOIN unnest(%s::bigint[], %s::bytea[]) given (id, vector) ON given.id = snapshot.id
    WHERE NOT snapshot.sealed ORDER BY snapshot.id FOR NO KEY UPDATE OF snapshot)
INSERT INTO scoring_embedding (snapshot_id, model, vector) SELECT id, %s, vector FROM open_ones
ON CONFLICT (snapshot_id) DO UPDATE SET model = EXCLUDED.model, vector = EXCLUDED.vector
"""


def request_scores(snapshot: Snapshot) -> None:
    """Have `snapshot` scored by every classifier that may read it; by each of them once (H1, L3)."""
    insert(draft_request(snapshot))


def draft_request(snapshot: Snapshot) -> ScoreRequest:
    """The same as a row that is not saved yet; its bell rings after the commit. No query.

    One row whatever is configured: whoever scores knows the classifiers, and draws one request for each of them.
    """
    bells.ring("score_pending")
    return draft(ScoreRequest, snapshot=snapshot, classifier=ScoreRequest.ANY)


def withdraw_snapshot(snapshot: Snapshot) -> None:
    """Let nothing score or compare `snapshot` any more: its words were locked away (C9). Scores that exist stay."""
    # Not those that a worker scores at this moment: it holds them until it is done, and then wants the case, which
    # whoever locks words away holds. What it read it saves nowhere but as numbers.
    waiting = ScoreRequest.objects.select_for_update(skip_locked=True).filter(snapshot=snapshot, done_at=None)
    ScoreRequest.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).delete()
    Embedding.objects.filter(snapshot=snapshot).delete()
    BlurredPreview.objects.filter(snapshot=snapshot).delete()


def erase_scored(snapshots: QuerySet[Snapshot]) -> None:
    """Let nothing be scored or compared of snapshots that are erased; of their scores the numbers stay (C6, H9)."""
    # The snapshots first, as whoever makes a preview takes them.
    keys = snapshots.order_by().values_list("pk", flat=True)
    snapshots = Snapshot.objects.filter(pk__in=list(keys))
    _keys(snapshots.select_for_update(no_key=True).order_by("pk"))
    ScoreRequest.objects.filter(snapshot__in=snapshots, done_at=None).delete()
    Embedding.objects.filter(snapshot__in=snapshots).delete()
    BlurredPreview.objects.filter(snapshot__in=snapshots).delete()
    Score.objects.filter(snapshot__in=snapshots).update(start=0, end=0)


def revision_of(provenance: Provenance, classifier: str = "") -> ClassifierRevision:
    """The row that says which classifier scored (H7); `classifier` is the code of its configured version.

    Two versions of one model are two: thresholds and labels are part of a version.
    """
    values = asdict(provenance) | ({"classifier": classifier} if classifier else {})
    fingerprint = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    revision, _created = ClassifierRevision.objects.get_or_create(fingerprint=fingerprint, defaults=values)
    return revision


def save_scores(
    snapshots: Sequence[Snapshot],
    scores: Sequence[Sequence[LabelScore]],
    *,
    revision: ClassifierRevision,
    milliseconds: float,
    counts: bool = True,
) -> None:
    """Save the scores of a batch that took `milliseconds` in all; a score that exists already stays as it is.

    Those that do not count are kept beside those that do: of a version on trial.
    """
    share = milliseconds / max(len(snapshots), 1)
    rows = [
        draft(Score, snapshot=snapshot, revision=revision, milliseconds=share, counts=counts, **vars(one))
        for snapshot, labels in zip(snapshots, scores, strict=True)
        for one in labels
    ]
    insert_many(rows)


def save_embeddings(
    snapshots: Sequence[Snapshot], readings: Sequence[Reading], *, revision: ClassifierRevision
) -> None:
    """Save where texts lie in the space of the model: in the transaction of their scores, one a snapshot (D6).

    Never of what is sealed: the rows are locked, so that whoever seals one at this moment finds what to destroy (C9).
    """
    vectors = {
        snapshot.pk: reading.vector.astype("<f2").tobytes()
        for snapshot, reading in zip(snapshots, readings, strict=True)
        if reading.vector is not None
    }
    if vectors:
        with connection.cursor() as cursor:
            cursor.execute(_SAVE_EMBEDDINGS, [list(vectors), list(vectors.values()), revision.model])


def _keys(rows: QuerySet[Snapshot]) -> list[int]:
    return list(rows.values_list("pk", flat=True))
