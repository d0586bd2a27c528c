"""Blurred previews of reported pictures, made by a worker: what the team meets before it decides to look (D5).

Asked for in the transaction that saves the scores of a picture, so that what classifiers said stands beside it. Made
outside of any transaction, in a child with limits: whoever locks words away never waits for a decoder.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from classifiers.images.previews import Preview, blurred_preview
from classifiers.images.words import TOO_LARGE
from foundation import bells
from foundation.work import claim, finish, put_back
from moderation.scoring.items import IMAGES
from moderation.scoring.models import Blurred, BlurredPreview
from moderation.subjects.files import is_file
from moderation.subjects.models import Snapshot
from repositories import git

B = TypeVar("B", bound=Blurred)
LARGEST = 20 * 2**20
# A child may need half a minute for one picture.
FEW, LEASE = 4, timedelta(minutes=4)


def is_picture(snapshot: Snapshot) -> bool:
    """Whether a snapshot is of a file that is named as a picture; no query."""
    return is_file(snapshot) and snapshot.title.lower().endswith(IMAGES)


def ask_for_previews(snapshots: Iterable[Snapshot]) -> None:
    """Have previews made of those that are pictures, once each; in the transaction that saves what was scored."""
    rows = [BlurredPreview(snapshot=one) for one in snapshots if is_picture(one)]
    if rows:
        BlurredPreview.objects.bulk_create(rows, ignore_conflicts=True)
        bells.ring("make_previews")


def make_previews() -> int:
    """Make every preview of a reported picture that waits; returns how many."""
    return make_all(BlurredPreview.objects.select_related("snapshot__subject__repository__namespace"), _make)


def make_all(waiting: QuerySet[B], make: Callable[[B], bool]) -> int:
    """Make every preview that waits; returns for how many `make`, which finishes the row, said that it made one.

    One that fails is put back and holds up no other.
    """
    count = 0
    while rows := claim(waiting, limit=FEW, lease=LEASE):
        for row in rows:
            try:
                count += make(row)
            except Exception as error:  # noqa: BLE001 - whatever fails, the row stays and says why
                put_back(row, error)
    return count


def preview_of(snapshot: Snapshot) -> Preview | None:
    """The preview of a snapshot of a file, made now; None where its content is gone."""
    repository = snapshot.subject.repository
    file = git.find_content(repository, snapshot.revision) if repository is not None else None
    if repository is None or file is None:
        return None
    if file.size > LARGEST:
        return Preview(TOO_LARGE)
    with git.open_file(repository, file) as stream:
        return blurred_preview(stream.read(LARGEST))


def stored_preview(snapshot: Snapshot) -> Preview | None:
    """The one that a worker made; None where it made none yet. One query."""
    row = BlurredPreview.objects.filter(snapshot=snapshot, done_at__isnull=False).first()
    return made_of(row) if row else None


def made_of(row: Blurred) -> Preview:
    """What a worker made, of a row that is done."""
    return Preview(row.verdict, bytes(row.webp))


def _make(row: BlurredPreview) -> bool:
    made = None if row.snapshot.sealed or row.snapshot.erased else preview_of(row.snapshot)
    with transaction.atomic():
        # The snapshot first, as whoever locks its words away takes them (C9).
        snapshot = Snapshot.objects.select_for_update(no_key=True).get(pk=row.snapshot_id)
        if not finish([row]):
            return False
        if made is None or snapshot.sealed or snapshot.erased:
            BlurredPreview.objects.filter(pk=row.pk).delete()
            return False
        BlurredPreview.objects.filter(pk=row.pk).update(verdict=made.verdict, webp=made.webp)
        return True
