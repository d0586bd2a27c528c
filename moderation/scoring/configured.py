"""The classifiers that are configured: what the settings declare, and what the administration added."""

import logging
from dataclasses import replace

from django.db import transaction
from django.db.models import Prefetch

from foundation.clock import Now
from moderation.policy.models import Clause
from moderation.scoring.declared import Declared, declared
from moderation.scoring.models import Classifier, ClassifierLabel

logger = logging.getLogger(__name__)
# Clauses that entries name and that do not exist: this process said so once.
_missing: set[str] = set()
PLAIN = ("kind", "engine", "model", "revision", "device", "precision")


def configured() -> list[Classifier]:
    """Every version that is active or on trial, by name and version, with its labels; two queries.

    What the settings declare is compared with its rows, and written where it differs. Raises BadEntry.
    """
    wanted = declared()
    rows = _rows()
    if _differ(wanted, rows):
        _write(wanted)
        rows = _rows()
    return [row for row in rows if row.state != Classifier.State.RETIRED]


def _rows() -> list[Classifier]:
    labels = ClassifierLabel.objects.select_related("clause")
    return list(Classifier.objects.prefetch_related(Prefetch("labels", labels)))


def _differ(wanted: list[Declared], rows: list[Classifier]) -> bool:
    ours = {(row.name, row.version): row for row in rows if row.declared}
    codes = {(one.specification.name, one.version) for one in wanted}
    if any(row.state != Classifier.State.RETIRED for code, row in ours.items() if code not in codes):
        return True
    return any(not _as_declared(one, ours.get((one.specification.name, one.version))) for one in wanted)


def _as_declared(one: Declared, row: Classifier | None) -> bool:
    if row is None:
        return False
    labels = tuple(
        replace(label, clause="" if label.clause in _missing else label.clause) for label in one.specification.labels
    )
    return row.specification == replace(one.specification, labels=labels)


@transaction.atomic
def _write(wanted: list[Declared]) -> None:
    """Have the rows say what the settings say. The state of a version is the database's once it is there."""
    rows = {(row.name, row.version): row for row in Classifier.objects.select_for_update().order_by("pk")}
    codes = {(one.specification.name, one.version) for one in wanted}
    gone = [row.pk for code, row in rows.items() if row.declared and code not in codes]
    Classifier.objects.filter(pk__in=gone).exclude(state=Classifier.State.RETIRED).update(
        state=Classifier.State.RETIRED, state_since=Now()
    )
    active = {row.name for row in rows.values() if row.counts and row.pk not in gone}
    clauses = {clause.code: clause for clause in Clause.objects.all()}
    for one in wanted:
        spec = one.specification
        row = rows.get((spec.name, one.version))
        if row is None:
            # Where another version counts already, this one has to earn it.
            state = Classifier.State.TRIAL if spec.name in active else Classifier.State(one.state)
            made = Classifier(name=spec.name, version=one.version, state=state, kind=spec.kind)
            # Another worker may be writing the same.
            Classifier.objects.bulk_create([made], ignore_conflicts=True)
            row = Classifier.objects.select_for_update().get(name=spec.name, version=one.version)
        elif row.declared and _as_declared(one, row):
            continue
        for name in PLAIN:
            setattr(row, name, getattr(spec, name))
        row.languages, row.options, row.declared = list(spec.languages), dict(spec.options), True
        row.failure, row.failed_at = "", None
        row.save()
        row.labels.all().delete()
        for label in spec.labels:
            if label.clause and label.clause not in clauses:
                _missing.add(label.clause)
                logger.error("CLASSIFIERS: “%s” names a clause “%s”, which does not exist.", row.code, label.clause)
            ClassifierLabel.objects.create(
                classifier=row,
                name=label.name,
                output=label.output,
                clause=clauses.get(label.clause),
                threshold=label.threshold,
                confident_threshold=label.confident_threshold,
            )
