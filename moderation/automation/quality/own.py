"""Texts with the labels that people gave them by deciding, to fit a head on (H9)."""

from classifiers.normalise import normalise
from classifiers.training.own import Own
from moderation.automation.quality.labels import labels
from moderation.scoring.models import Classifier
from moderation.subjects.models import Snapshot

AT_ONCE = 2_000


def own_labels(row: Classifier) -> list[Own]:
    """What people decided about and a version scored, as the classifier reads it, one for each text, oldest first.

    Nothing of what is locked away or was destroyed (C6, C9): it has no words any more. Of equal texts the last decision
    counts, and texts of one author stay together.
    """
    outputs = {one.name: one.output or one.name for one in row.labels.all()}
    truth: dict[int, dict[str, bool]] = {}
    for one in labels(row.code):
        truth.setdefault(one.snapshot, {})[outputs.get(one.label, one.label)] = one.positive
    found: dict[str, Own] = {}
    keys = list(truth)
    for first in range(0, len(keys), AT_ONCE):
        rows = {one.pk: one for one in Snapshot.objects.filter(pk__in=keys[first : first + AT_ONCE])}
        for key in keys[first : first + AT_ONCE]:  # the newest decision first
            snapshot = rows[key]
            text = normalise(snapshot.content).text
            if text.strip() and not snapshot.sealed and not snapshot.erased:
                found.setdefault(text.casefold(), Own(text, snapshot.author_name or str(key), truth[key]))
    return list(found.values())[::-1]
