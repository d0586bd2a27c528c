"""Asking for scores and saving them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from classifiers.text import LabelScore, Provenance
from foundation import bells
from moderation.scoring.models import ClassifierRevision, Score, ScoreRequest
from moderation.subjects.models import Snapshot

TEXT = "text"


def request_scores(snapshot: Snapshot) -> ScoreRequest:
    """Have a worker score `snapshot`; the same snapshot is scored once (H1, L3)."""
    request, _created = ScoreRequest.objects.get_or_create(snapshot=snapshot, classifier=TEXT)
    bells.ring("score_pending")
    return request


def revision_of(provenance: Provenance) -> ClassifierRevision:
    """The row that says which classifier scored (H7)."""
    values = asdict(provenance)
    fingerprint = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    revision, _created = ClassifierRevision.objects.get_or_create(fingerprint=fingerprint, defaults=values)
    return revision


def save_scores(
    snapshots: Sequence[Snapshot],
    scores: Sequence[Sequence[LabelScore]],
    *,
    revision: ClassifierRevision,
    milliseconds: float,
) -> None:
    """Save the scores of a batch that took `milliseconds` in all; a score that exists already stays as it is."""
    share = milliseconds / max(len(snapshots), 1)
    rows = [
        Score(snapshot=snapshot, revision=revision, milliseconds=share, **asdict(one))
        for snapshot, labels in zip(snapshots, scores, strict=True)
        for one in labels
    ]
    Score.objects.bulk_create(rows, ignore_conflicts=True)
