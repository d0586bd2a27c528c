"""Pictures that reporters sent, blurred by a worker: what the team meets before it decides to look (D5).

Asked for in the transaction that keeps the file, made outside of any, in a child with limits (scoring.previews). None
is made or kept while what was reported is locked away (C9).
"""

from django.db import transaction

from classifiers.images.previews import Preview, blurred_preview
from foundation.errors import Refused
from foundation.work import finish
from moderation.reports.actions.evidence import decrypted
from moderation.reports.models import Attachment, BlurredAttachment
from moderation.scoring.previews import made_of, make_all
from moderation.subjects.models import Snapshot


def blur_attachments() -> int:
    """Blur every picture that waits for it; returns how many."""
    return make_all(BlurredAttachment.objects.select_related("attachment__report__snapshot"), _make)


def stored_preview(attachment: Attachment) -> Preview | None:
    """The one that a worker made; None where it made none yet. One query unless `blurred` was loaded."""
    row: BlurredAttachment | None = getattr(attachment, "blurred", None)
    return made_of(row) if row is not None and row.done_at else None


def _make(row: BlurredAttachment) -> bool:
    snapshot = row.attachment.report.snapshot
    try:
        made = None if snapshot.sealed else blurred_preview(decrypted(row.attachment))
    except Refused:
        made = None
    with transaction.atomic():
        # The snapshot first, as whoever locks its words away takes them (C9), then the file, as who destroys that does.
        snapshot = Snapshot.objects.select_for_update(no_key=True).get(pk=snapshot.pk)
        attachment = Attachment.objects.select_for_update(no_key=True).get(pk=row.attachment_id)
        if not finish([row]):
            return False
        if made is None or snapshot.sealed or not attachment.key:
            BlurredAttachment.objects.filter(pk=row.pk).delete()
            return False
        BlurredAttachment.objects.filter(pk=row.pk).update(verdict=made.verdict, webp=made.webp)
        return True
