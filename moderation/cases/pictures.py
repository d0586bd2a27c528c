"""Pictures that a moderator meets: blurred for good at first, as they are once somebody decides to look closer (D5).

What a worker made blurred of a picture, reported or sent by a reporter, is stored; before it did, one is made for
whoever asks. Small copies of a picture itself are made anew each time and kept nowhere, so that nothing is left to
forget when a content is locked away or erased (C6, C9). None of them carries anything else that was in the file.
"""

from io import BytesIO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from classifiers.images.previews import Preview, blurred_preview
from classifiers.images.words import VERDICTS
from foundation.errors import Refused
from moderation.cases.audit import ATTACHMENT, note_reading
from moderation.cases.downloads import file_of
from moderation.cases.models import Case
from moderation.reports import previews as attached
from moderation.reports.actions.evidence import decrypted, require_there
from moderation.scoring.previews import is_picture, preview_of, stored_preview
from moderation.subjects.models import Snapshot
from repositories import git
from repositories.access import access
from repositories.models import Visibility
from repositories.previews import has_preview, make_preview, require_preview


def shows_picture(snapshot: Snapshot) -> bool:
    """Whether a snapshot is of a file that is named as a picture, and may be shown at all."""
    return not snapshot.sealed and not snapshot.erased and is_picture(snapshot)


def can_be_sharp(snapshot: Snapshot) -> bool:
    """Whether a small copy of it as it is can be made, as far as its name says."""
    return has_preview(snapshot.title, 0)


def blurred_picture(case: Case, snapshot_id: int, *, viewer: User) -> bytes:
    """A small WebP in which nothing can be made out. Raises Refused: 404 for none, 415 for what cannot be decoded."""
    snapshot = _shown(case, snapshot_id, viewer)
    return _webp(stored_preview(snapshot) or preview_of(snapshot))


def sharp_picture(case: Case, snapshot_id: int, *, viewer: User) -> bytes:
    """A small WebP of the picture as it is. Raises Refused as above, and 503 while others are made."""
    snapshot = _shown(case, snapshot_id, viewer)
    repository = snapshot.subject.repository
    file = git.find_content(repository, snapshot.revision) if repository is not None else None
    if repository is None or file is None:
        raise _none()
    require_preview(snapshot.title, file.size)
    with git.open_file(repository, file) as stream:
        return make_preview(stream)


def attached_picture(case: Case, public_id: UUID, *, blurred: bool, actor: User) -> bytes:
    """The same of a picture that a reporter sent; each reading is an event (C1, J6). Raises Refused (410) once gone."""
    found = file_of(case, public_id, actor=actor)
    if not found.is_picture:
        raise _none()
    require_there(found)
    made = attached.stored_preview(found) if blurred else None
    content = b"" if made else decrypted(found)
    note_reading(case, f"{ATTACHMENT}:{found.public_id.hex}", actor=actor)
    return _webp(made or blurred_preview(content)) if blurred else make_preview(BytesIO(content))


def _shown(case: Case, snapshot_id: int, viewer: User) -> Snapshot:
    """A reported picture of `case` that `viewer` may see: of what is private by now only who opened it (A2, C9)."""
    rows = Snapshot.objects.filter(reports__case_report__case=case).select_related("subject__repository__namespace")
    snapshot = rows.filter(pk=snapshot_id).first()
    if snapshot is None or not shows_picture(snapshot):
        raise _none()
    home = snapshot.subject.repository
    if home is None or (home.visibility == Visibility.PRIVATE and not access(home, viewer).see):
        raise _none()
    return snapshot


def _webp(preview: Preview | None) -> bytes:
    if preview is None:
        raise _none()
    if not preview.webp:
        raise Refused(VERDICTS[preview.verdict], code="no_preview", status=415)
    return preview.webp


def _none() -> Refused:
    return Refused(_("There is no such file."), code="not_found", status=404)
