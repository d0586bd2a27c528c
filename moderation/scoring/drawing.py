"""One request for each classifier that is to read what was reported (H1, H2).

Intake writes one row, whatever is configured. Where one classifier reads every text, that row is its request; else it
is drawn up into one row for each, by whoever scores: nobody has to know the configuration but them.
"""

from collections.abc import Sequence

from django.db import transaction

from classifiers.languages import may_be
from foundation.work import claim, finish
from moderation.scoring import leases
from moderation.scoring.items import OF_TEXTS, concerns
from moderation.scoring.leases import LEASE
from moderation.scoring.models import Classifier, ScoreRequest
from moderation.scoring.versions import lock_states
from moderation.subjects.models import Snapshot

MOST = 256


def direct(rows: Sequence[Classifier]) -> Classifier | None:
    """The one classifier of `rows`, all that are configured, whose requests are those of intake; None for several."""
    if len(rows) == 1 and rows[0].counts and rows[0].kind == Classifier.Kind.TEXT and not rows[0].languages:
        return rows[0]
    return None


def draw(rows: Sequence[Classifier]) -> int:
    """Draw up what was reported into requests of each classifier that may read it; returns how many snapshots.

    `rows`, as configured() gave them, say whether there is anything to draw; whose requests they become is asked again
    while nobody can change it. What is sealed is asked of nobody (C9).
    """
    count = 0
    if direct(rows) or not any(row.counts for row in rows):
        return count
    waiting = ScoreRequest.objects.filter(classifier=ScoreRequest.ANY)
    while claimed := claim(waiting, limit=MOST, lease=LEASE):
        with transaction.atomic():
            every = lock_states()
            if not any(row.counts for row in every):
                assert claimed[0].lease is not None
                leases.give_back(claimed[0].lease, [one.pk for one in claimed])
                return count
            wanted = waited_for(every)
            ours = finish(claimed)
            # Locked, so that whoever seals one at this moment finds the requests to withdraw.
            keys = [one.snapshot_id for one in ours]
            snapshots = Snapshot.objects.select_for_update(no_key=True).filter(pk__in=keys, sealed=False).order_by("pk")
            requests = [
                ScoreRequest(snapshot=snapshot, classifier=row.code)
                for snapshot in snapshots
                for row in asked(wanted, snapshot)
            ]
            ScoreRequest.objects.bulk_create(requests, ignore_conflicts=True)
            count += len(ours)
    return count


def waited_for(every: Sequence[Classifier]) -> list[Classifier]:
    """Those of all versions that get requests: the active ones and those on trial.

    While no classifier of texts is active, also the newest retired version of each: what comes meanwhile waits under
    its code for the version that takes over.
    """
    rows = [row for row in every if row.state != Classifier.State.RETIRED]
    if any(row.counts and row.kind == Classifier.Kind.TEXT for row in rows):
        return rows
    newest = {}
    for row in sorted(every, key=lambda one: one.version):
        if row.kind == Classifier.Kind.TEXT and row.state == Classifier.State.RETIRED:
            newest[row.name] = row
    return rows + list(newest.values())


def asked(rows: Sequence[Classifier], snapshot: Snapshot) -> list[Classifier]:
    """Those of `rows` that are to read `snapshot`: by its kind, and of a text by its languages.

    A text may be in several, and one of which nobody can tell is read by all whom its script fits: words in another
    language beside them hide no insult.
    """
    return [
        row
        for row in rows
        if concerns(row.kind, snapshot) and (row.kind not in OF_TEXTS or may_be(snapshot.content, row.languages))
    ]
