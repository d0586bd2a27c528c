"""Measuring what was asked for, in a worker: outside of any transaction, under a lease that is renewed (L3)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from classifiers.contract import CannotLoad, LabelScore
from classifiers.contract import Classifier as LoadedClassifier
from classifiers.evaluation.measuring import How, measure_bias, require_usable
from classifiers.evaluation.rows import BadFile, parse, read
from classifiers.evaluation.scoring import thresholds_of, values_of
from classifiers.evaluation.settings import Source
from classifiers.normalise import normalise
from foundation.clock import Now
from foundation.work import claim, finish, put_back
from moderation.scoring.actions import revision_of
from moderation.scoring.loading import TRY_AGAIN, loaded
from moderation.scoring.models import BiasReport, ClassifierRevision

LEASE = timedelta(minutes=2)
# How a result is found: the revision that scored, and the figures or else why there are none.
Outcome = tuple[ClassifierRevision | None, dict[str, Any] | None, str]


class AsInUse:
    """A loaded classifier that reads texts as the pipeline gives them to it: normalised first (H2)."""

    def __init__(self, inner: LoadedClassifier) -> None:
        self._inner = inner
        self.labels, self.provenance = inner.labels, inner.provenance

    def score(self, texts: Sequence[str]) -> list[list[LabelScore]]:
        """For each text its scores, in the order of `labels`."""
        return [one.scores for one in self._inner.read([normalise(text).text for text in texts])]


def measure_waiting() -> int:
    """Measure every report that was asked for; returns how many are done. What fails stays, and says why."""
    return _measure(BiasReport.objects.all())


def measure_one(key: int) -> int:
    """The same of one report, unless a worker has it already."""
    return _measure(BiasReport.objects.filter(pk=key))


def _measure(rows: QuerySet[BiasReport]) -> int:
    count = 0
    while claimed := claim(rows.select_related("classifier"), limit=1, lease=LEASE):
        [row] = claimed
        try:
            outcome = _outcome(row)
        except CannotLoad as error:
            put_back(row, error, pause=TRY_AGAIN)
            continue
        except Exception as error:  # noqa: BLE001 - whatever fails, the row stays and says why
            put_back(row, error)
            continue
        revision, figures, refusal = outcome
        with transaction.atomic():
            # Before it is done: a report that is done says something, which the database checks at once.
            ours = BiasReport.objects.filter(pk=row.pk, lease=row.lease, done_at=None)
            if ours.update(revision=revision, figures=figures, refusal=refusal, data=b""):
                count += len(finish([row]))
    return count


def _outcome(row: BiasReport) -> Outcome:
    """What the file says of the classifier. Raises CannotLoad."""
    classifier = loaded(row.classifier)
    if classifier is None:
        raise CannotLoad(f"{row.classifier} is disabled: {row.classifier.failure}")
    said: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in row.how.items()}
    how = How(**said)
    try:
        figures = _figures(row, AsInUse(classifier), how)
    except BadFile as error:
        return None, None, str(error)
    return revision_of(classifier.provenance, row.classifier.code), figures, ""


def _figures(row: BiasReport, classifier: AsInUse, how: How) -> dict[str, Any]:
    if how.label not in classifier.labels:
        raise BadFile(f"The classifier has no label “{how.label}”, only {', '.join(classifier.labels)}.")
    used = read(parse(Path(row.file), bytes(row.data)), how.columns, sample=how.sample, seed=how.seed)
    require_usable(used.rows, how)

    def hold(_count: int) -> None:
        # Many rows take longer than a lease; whoever took over would begin anew.
        BiasReport.objects.filter(pk=row.pk, lease=row.lease).update(lease_until=Now() + LEASE)

    scorer: Any = classifier
    values = values_of(scorer, [one.text for one in used.rows], hold)[:, classifier.labels.index(how.label)]
    if not np.isfinite(values).all():
        raise BadFile("The classifier gives values that are no numbers: its weights are broken, install it again.")
    found = measure_bias(used.rows, values, thresholds_of(scorer)[how.label][0], how, hold)
    source = Source(row.file, row.sha256, used.in_file, used.without_text, len(used.rows))
    return {"bias": asdict(found), "source": asdict(source), "settings": asdict(how.settings)}
