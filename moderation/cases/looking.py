"""Looking at a picture as it is, which counts among what a moderator saw (D5)."""

from accounts.models import User
from moderation.cases import pictures
from moderation.cases.comfort import is_harmful, note_exposure
from moderation.cases.models import Case
from moderation.cases.overview import evidence_of


def look(case: Case, snapshot_id: int, *, viewer: User) -> bytes:
    """The picture of a snapshot as WebP; one that is harmful counts as seen. Raises Refused as sharp_picture() does."""
    webp = pictures.sharp_picture(case, snapshot_id, viewer=viewer)
    evidence = evidence_of(case, viewer, snapshot_id=str(snapshot_id))
    if is_harmful(case, evidence is not None and evidence.harmful):
        note_exposure(case, actor=viewer)
    return webp
