"""Files that people send as evidence: encrypted on disk, each under a key of its own in its row (C1, J6)."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import bells, clock
from foundation.errors import Forbidden, Refused
from moderation.reports.actions.filing import KeyReused
from moderation.reports.models import Attachment, BlurredAttachment, Report, StoredFile
from moderation.subjects.models import Snapshot


@dataclass(frozen=True)
class EvidenceFile:
    """A file as it was sent: its name, what its content is (reports.file_types), the content."""

    name: str
    media_type: str
    content: bytes


def attach(report: Report, files: Iterable[EvidenceFile], *, actor: User) -> list[Attachment]:
    """Keep `files` with `report`, in the transaction that files it; a worker blurs those that are pictures (D5).

    None while what is reported is locked away (C9). Raises Forbidden unless `actor` reported it.
    """
    if actor.pk != report.reporter_id:
        raise Forbidden(_("Only whoever reported it can add to a report."))
    kept = [Attachment.objects.create(report=report, **stored(file)) for file in files]
    pictures = [BlurredAttachment(attachment=one) for one in kept if one.is_picture]
    # Asked anew: it may have been locked away since the report was loaded, or by the report itself.
    if pictures and Snapshot.objects.filter(pk=report.snapshot_id, sealed=False).exists():
        BlurredAttachment.objects.bulk_create(pictures)
        bells.ring("blur_attachments")
    return kept


def with_blurred() -> Exists:
    """Whether anything is or waits to be blurred of what reports of a snapshot brought; part of a query of those."""
    return Exists(BlurredAttachment.objects.filter(attachment__report__snapshot=OuterRef("pk")))


def withdraw_blurred(snapshot: Snapshot) -> None:
    """Keep nothing blurred of the pictures that reports of `snapshot` brought: its words were locked away (C9)."""
    BlurredAttachment.objects.filter(attachment__report__snapshot=snapshot).delete()


def require_kept(report: Report, files: Iterable[EvidenceFile]) -> None:
    """Raise KeyReused unless each of `files` came with `report`: what is sent again is the same, or another report."""
    digests = {hashlib.sha256(file.content).hexdigest() for file in files}
    if digests - set(report.attachments.values_list("sha256", flat=True) if digests else ()):
        raise KeyReused


def stored(file: EvidenceFile) -> dict[str, Any]:
    """Write `file` to the disk, encrypted, and return the values of its row (StoredFile), for the caller to save.

    On disk before the commit, so that nothing accepted is lost (L3): what a transaction that failed leaves there nobody
    can read, since its key was never stored.
    """
    assert connection.in_atomic_block, "evidence is kept in the transaction of what it belongs to"
    key, name = Fernet.generate_key(), uuid.uuid4()
    _write(path_of(name), Fernet(key).encrypt(file.content))
    return {
        "public_id": name,
        "name": file.name[:200],
        "media_type": file.media_type,
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "key": key,
        "created_at": clock.now(),
    }


def decrypted(attachment: StoredFile) -> bytes:
    """The content of `attachment`. Raises Refused (410) when its key or its file was destroyed.

    Every reading is an event: it is the caller, in moderation.cases, who writes it.
    """
    require_there(attachment)
    return Fernet(bytes(attachment.key)).decrypt(path_of(attachment.public_id).read_bytes())


def require_there(file: StoredFile) -> None:
    """Raise Refused (410) when the key of `file`, or what it opens, was destroyed."""
    if not file.key or not path_of(file.public_id).exists():
        raise Refused(_("This file was destroyed."), code="destroyed", status=410)


def digest_of_file(file: StoredFile) -> str:
    """The digest of the content on the disk. Raises FileNotFoundError; InvalidToken, ValueError for another key."""
    return hashlib.sha256(Fernet(bytes(file.key)).decrypt(path_of(file.public_id).read_bytes())).hexdigest()


def discard(files: Iterable[StoredFile]) -> None:
    """Remove from the disk what a refusal takes back: nobody should fill it by being refused."""
    for file in files:
        path_of(file.public_id).unlink(missing_ok=True)


def remove_orphans(older_than: timedelta) -> int:
    """Remove files on disk that no row names, since their transaction failed; returns how many."""
    folder, count = Path(settings.EVIDENCE_ROOT), 0
    if not folder.is_dir():
        return 0
    limit = (clock.now() - older_than).timestamp()
    for path in folder.glob("*/*"):
        if path.stat().st_mtime < limit and not _is_named(path.name.partition(".")[0]):
            path.unlink(missing_ok=True)
            count += 1
    return count


def _is_named(public_id: str) -> bool:
    """Whether a row of any room names this file."""
    rooms = [model for model in apps.get_models() if issubclass(model, StoredFile)]
    return any(model._default_manager.filter(public_id=public_id).exists() for model in rooms)


def path_of(name: uuid.UUID) -> Path:
    """Where the encrypted file lies."""
    return Path(settings.EVIDENCE_ROOT) / name.hex[:2] / name.hex


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
