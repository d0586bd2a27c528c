"""The steps of scoring many requests in one pass: claimed, prepared, computed, saved (H1).

`pipeline` does them one after the other, in a worker that does much else too; `service` does each in a thread of its
own. What is computed of one batch, and what is saved of it, is the same.
"""

import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from classifiers.contract import Classifier as LoadedClassifier
from classifiers.contract import LabelScore, Reading
from classifiers.images.classifier import Unread
from classifiers.normalise import Normalised, normalise
from foundation import changes, clock
from moderation.cases.models import Case
from moderation.cases.priority import update_priorities
from moderation.scoring import leases
from moderation.scoring.actions import revision_of, save_embeddings, save_scores
from moderation.scoring.configured import configured
from moderation.scoring.drawing import direct
from moderation.scoring.items import OF_TEXTS, item_of
from moderation.scoring.loading import keep_only, loaded
from moderation.scoring.models import Classifier, Score, ScoreRequest
from moderation.scoring.previews import ask_for_previews
from moderation.scoring.versions import hand_over_stranded, state_now
from moderation.subjects.models import Snapshot

BATCH = 128
FEW = 16  # of those that are nobody's first need, before it is looked for texts again
PIECE = 200_000  # characters
TRIES = 8  # of a picture that makes the decoder fail: over four minutes, each pause twice as long
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ready:
    """A classifier that can be asked, and under which names requests for it wait."""

    row: Classifier
    classifier: LoadedClassifier
    codes: tuple[str, ...]

    @property
    def urgent(self) -> bool:
        """Whether all that waits for it goes first: texts, read by what counts. Files and trials wait for a turn."""
        return self.row.kind in OF_TEXTS and self.row.counts

    @property
    def few(self) -> int:
        """How many it is given in one turn where it is not urgent. Files take long, each of them."""
        return FEW if self.row.kind in OF_TEXTS else 1


@dataclass
class Batch:
    """Requests under one lease, what is read of them, and then what the classifier says, in milliseconds in all."""

    ready: Ready
    token: uuid.UUID
    requests: list[ScoreRequest]
    texts: list[Normalised] = field(default_factory=list)
    prepared: Any = None
    readings: list[Reading] = field(default_factory=list)
    milliseconds: float = 0.0
    error: Exception | None = None

    @property
    def suspect(self) -> bool:
        """Whether it may be what ended the processes that took it before: nothing else is held beside it."""
        return self.requests[0].attempts >= leases.SUSPECT

    def halves(self) -> "list[Batch]":
        """The same as two, with what is known of each."""
        middle = len(self.requests) // 2
        return [
            replace(
                self,
                requests=self.requests[part],
                texts=self.texts[part],
                prepared=None,
                readings=self.readings[part],
                milliseconds=self.milliseconds / 2,
            )
            for part in (slice(None, middle), slice(middle, None))
        ]


class RetiredMeanwhile(Exception):  # noqa: N818 - reads as what happened
    """The version was retired while it scored: its requests are another's."""


def ready_ones() -> tuple[list[Ready], list[Classifier]]:
    """The classifiers that can be asked now, loaded, and all that are configured, those that are disabled too.

    The urgent ones come first.
    """
    rows = configured()
    hand_over_stranded(rows)
    keep_only({row.code for row in rows})
    alone = direct(rows)
    found = []
    for row in rows:
        if (classifier := loaded(row)) is not None:
            codes = (ScoreRequest.ANY, row.code) if row is alone else (row.code,)
            found.append(Ready(row, classifier, codes))
    return sorted(found, key=lambda one: not one.urgent), rows


def claim(ready: Ready, limit: int = BATCH, piece: int = PIECE) -> list[Batch]:
    """Requests for it under a lease, in pieces of so many characters; none where nothing waits."""
    for code in ready.codes:
        token, keys = leases.take(code, limit=limit)
        if keys:
            rows = ScoreRequest.objects.filter(pk__in=keys).select_related("snapshot__subject__repository__namespace")
            requests = list(rows.order_by("due_at", "pk"))
            # Files lie in memory whole, so one at a time.
            most = piece if ready.row.kind in OF_TEXTS else 0
            return [Batch(ready, token, part) for part in pieces(requests, most)]
    return []


def pieces(requests: Sequence[ScoreRequest], most: int = PIECE) -> Iterator[list[ScoreRequest]]:
    """`requests` in runs of at most `most` characters, or of one text: each is scored and saved on its own.

    Many long texts take longer than a lease. In one piece, whoever took over would do all of it again, for ever.
    """
    piece: list[ScoreRequest] = []
    size = 0
    for request in requests:
        length = len(request.snapshot.content) or 1
        if piece and size + length > most:
            yield piece
            piece, size = [], 0
        piece.append(request)
        size += length
    if piece:
        yield piece


def prepare(batch: Batch) -> None:
    """Read what the classifier is to see, and cut and number it where the classifier can do that apart."""
    snapshots = [one.snapshot for one in batch.requests]
    items: list[Any]
    if batch.ready.row.kind in OF_TEXTS:
        batch.texts = [normalise(one.content) for one in snapshots]
        items = [one.text for one in batch.texts]
    else:
        items = [item_of(batch.ready.row.kind, one) for one in snapshots]
    apart = getattr(batch.ready.classifier, "prepare", None)
    batch.prepared = apart(items) if apart else items


def compute(batch: Batch) -> None:
    """Have the classifier say what it says: no database, no disk."""
    started = time.perf_counter()
    apart = getattr(batch.ready.classifier, "compute", None)
    if apart:
        batch.readings = apart(batch.prepared)
    else:
        # What cannot be read has no scores: it never passes for harmless.
        read = iter(batch.ready.classifier.read([one for one in batch.prepared if one is not None]))
        batch.readings = [Reading([], None) if one is None else next(read) for one in batch.prepared]
    batch.prepared = None
    batch.milliseconds = (time.perf_counter() - started) * 1000


def gives_up(batch: Batch, error: Exception) -> bool:
    """Whether the one request of `batch`, which failed, is done all the same: a picture that nothing could decode.

    Each try costs a child half a minute, so after TRIES it is read as the ones that are broken: without scores, so
    that it never passes for harmless. Then `batch` can be saved. Everything else is tried for ever, ever more rarely.
    """
    if not isinstance(error, Unread) or batch.requests[0].attempts < TRIES:
        return False
    logger.error("The picture of snapshot %s was not decoded in %s tries.", batch.requests[0].snapshot_id, TRIES)
    batch.readings, batch.error = [Reading([], None)], None
    return True


def save(batch: Batch, ours: set[int]) -> int:
    """Save what was computed of the requests `ours`, in the transaction that completed them; returns how many.

    The scores of a version on trial are kept and change nothing else. Raises RetiredMeanwhile.
    """
    row = batch.ready.row
    state = state_now(row)
    if state == Classifier.State.RETIRED:
        raise RetiredMeanwhile
    counts = state == Classifier.State.ACTIVE
    kept = [index for index, one in enumerate(batch.requests) if one.pk in ours]
    snapshots = [batch.requests[index].snapshot for index in kept]
    readings = [batch.readings[index] for index in kept]
    texts = [batch.texts[index] for index in kept] if batch.texts else [None] * len(kept)
    # Only of a text are they characters: what a frame of an image calls its place is nobody's to mark.
    scores = [
        [as_written(label, text) if text else replace(label, start=0, end=0) for label in reading.scores]
        for text, reading in zip(texts, readings, strict=True)
    ]
    revision = revision_of(batch.ready.classifier.provenance, row.code)
    share = batch.milliseconds * len(kept) / max(len(batch.requests), 1)
    cases = _locked_cases([one.subject_id for one in snapshots]) if counts else []
    save_scores(snapshots, scores, revision=revision, milliseconds=share, counts=counts)
    ask_for_previews(snapshots)
    if counts:
        _others(row, snapshots).update(counts=False)
        save_embeddings(snapshots, readings, revision=revision)
        # New scores move the priority of their cases, not their version: nobody's decision goes stale (D4).
        update_priorities(cases, clock.now())
        changes.tell_all("snapshot.scored", [one.pk for one in snapshots], actor_id=None)
    return len(kept)


def save_computed(batch: Batch) -> int:
    """The same in a transaction of its own, of those requests whose lease still holds."""
    with transaction.atomic():
        ours = leases.complete(batch.token, [one.pk for one in batch.requests])
        return save(batch, ours) if ours else 0


def as_written(score: LabelScore, read: Normalised) -> LabelScore:
    """`score` of a text as it reads, with the window that decided as characters of the snapshot (H2)."""
    start, end = read.span(score.start, score.end)
    return replace(score, start=start, end=end)


def _others(row: Classifier, snapshots: Sequence[Snapshot]) -> QuerySet[Score]:
    """What other versions of its name said and still counts: they scored before it took over, it only now (H2)."""
    scores = Score.objects.filter(snapshot__in=[one.pk for one in snapshots], counts=True)
    return scores.filter(revision__classifier__startswith=f"{row.name}@").exclude(revision__classifier=row.code)


def _locked_cases(subject_ids: list[int]) -> list[Case]:
    """The open cases about these subjects, before their snapshots: whoever locks words away takes them so (C9)."""
    rows = Case.objects.select_for_update()
    return list(rows.filter(subject__in=subject_ids, state=Case.State.OPEN).order_by("pk"))
