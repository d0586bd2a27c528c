"""Reported pictures, blurred for good: the team reads what classifiers said before it decides to look closer (D5).

Made anew for whoever asks and kept nowhere, so that nothing is left to forget when a content is locked away or erased
(C6, C9). Decoding happens in a child with limits, never in this process.
"""

from classifiers.images.previews import Preview, blurred_preview
from classifiers.images.words import TOO_LARGE
from moderation.cases.models import Case
from moderation.scoring.items import IMAGES
from moderation.subjects.files import is_file
from moderation.subjects.models import Snapshot
from repositories import git
from repositories.models import Visibility

LARGEST = 20 * 2**20


def shows_picture(snapshot: Snapshot) -> bool:
    """Whether a snapshot is of a file that is named as a picture, and may be shown at all."""
    shown = not snapshot.sealed and not snapshot.erased
    return shown and is_file(snapshot) and snapshot.title.lower().endswith(IMAGES)


def blurred_picture(case: Case, snapshot_id: int) -> Preview | None:
    """The picture of a reported snapshot of `case`; None where there is none, or where it is closed by now (A2, C9)."""
    rows = Snapshot.objects.filter(reports__case_report__case=case).select_related("subject__repository")
    snapshot = rows.filter(pk=snapshot_id).first()
    if snapshot is None or not shows_picture(snapshot):
        return None
    repository = snapshot.subject.repository
    if repository is None or repository.visibility == Visibility.PRIVATE:
        return None
    file = git.find_content(repository, snapshot.revision)
    if file is None:
        return None
    if file.size > LARGEST:
        return Preview(TOO_LARGE)
    with git.open_file(repository, file) as stream:
        return blurred_preview(stream.read(LARGEST))
