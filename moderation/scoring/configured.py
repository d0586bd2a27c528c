"""The classifiers that are configured: what the settings declare, and what the administration added."""

import logging
from dataclasses import replace

from django.db import transaction
from django.db.models import Prefetch

from foundation import bells, changes
from moderation.policy.models import Clause
from moderation.scoring.declared import FORMER, Declared, declared
from moderation.scoring.models import Classifier, ClassifierLabel
from moderation.scoring.versions import drop_trial, hand_over, switch

logger = logging.getLogger(__name__)
# Clauses that entries name and that do not exist: this process said so once.
_missing: set[str] = set()
# Entries whose version the administration has: this process said so once.
_taken: set[str] = set()
# This process said that no text is read by any classifier that counts.
_said_that_none_reads: set[bool] = set()
PLAIN = ("kind", "engine", "model", "revision", "device", "precision")


def configured() -> list[Classifier]:
    """Every version that is active or on trial, by name and version, with its labels; two queries.

    What the settings declare is compared with its rows, and written where it differs. Raises BadEntry.
    """
    rows = _rows()
    wanted = _of_the_settings(rows)
    if _differ(wanted, rows):
        _write(wanted)
        rows = _rows()
    found = [row for row in rows if row.state != Classifier.State.RETIRED]
    _say_whether_texts_are_read(found)
    return found


def _of_the_settings(rows: list[Classifier]) -> list[Declared]:
    """What the settings declare, but for former defaults that are not in use and what the administration has made.

    A version that an administrator added is never written over: theirs scored first.
    """
    used = {row.code for row in rows if not row.absent}
    added = {row.code for row in rows if not row.declared}
    found = []
    for one in declared():
        code = f"{one.specification.name}@{one.version}"
        if code in added:
            if code not in _taken and one.state != FORMER:
                logger.error("CLASSIFIERS: “%s” was added in the administration: give yours another version.", code)
            _taken.add(code)
        elif one.state != FORMER or code in used:
            found.append(one)
    return found


def _say_whether_texts_are_read(rows: list[Classifier]) -> None:
    """Loudly, once until it changes: nothing else shows that reported texts wait for ever."""
    if any(row.counts and row.kind == Classifier.Kind.TEXT for row in rows):
        _said_that_none_reads.clear()
    elif not _said_that_none_reads:
        _said_that_none_reads.add(True)
        logger.error("No classifier of texts is active: what is reported waits until one is.")


def _rows() -> list[Classifier]:
    labels = ClassifierLabel.objects.select_related("clause")
    return list(Classifier.objects.prefetch_related(Prefetch("labels", labels)))


def _differ(wanted: list[Declared], rows: list[Classifier]) -> bool:
    ours = {(row.name, row.version): row for row in rows if row.declared}
    codes = {(one.specification.name, one.version) for one in wanted}
    # What is absent is not named, and the other way round.
    if any(row.absent == (code in codes) for code, row in ours.items()):
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
    """Have the rows say what the settings say.

    The state of a version is the database's while it is there; where the settings name it again, it begins anew.
    """
    rows = {(row.name, row.version): row for row in Classifier.objects.select_for_update().order_by("pk")}
    known = {name for name, _version in rows}
    codes = {(one.specification.name, one.version) for one in wanted}
    for gone in [row for code, row in rows.items() if row.declared and code not in codes and not row.absent]:
        drop_trial(gone)
        switch(gone, Classifier.State.RETIRED, absent=True)
    active = {row.name for row in rows.values() if row.counts}
    begun = []
    clauses = {clause.code: clause for clause in Clause.objects.all()}
    for one in wanted:
        spec = one.specification
        row = rows.get((spec.name, one.version))
        if row is None and one.state == FORMER:
            continue
        if row is None:
            # Where another version counts already, this one has to earn it.
            state = Classifier.State.TRIAL if spec.name in active else Classifier.State(one.state)
            made = Classifier(name=spec.name, version=one.version, state=state, kind=spec.kind)
            # Another worker may be writing the same.
            Classifier.objects.bulk_create([made], ignore_conflicts=True)
            row = Classifier.objects.select_for_update().get(name=spec.name, version=one.version)
            begun.append(row)
        elif row.absent:
            switch(row, Classifier.State.TRIAL if spec.name in active else one.state)
            begun.append(row)
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
    for row in begun:
        if row.counts and row.name in known:
            # What waits for the versions before it is its own now, and what it scored before counts again.
            hand_over(row)
            changes.tell("classifier.replaced", row.pk, actor_id=None)
            bells.ring("score_pending")
