"""Checking evidence that lies beside the database or is locked away: it is there, and it is what came in (J6, C9)."""

from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from moderation.cases.models import Event
from moderation.cases.seals import COVERED
from moderation.reports.actions.evidence import digest_of_file
from moderation.reports.actions.preserving import digest_of_preserved
from moderation.reports.models import PreservedFile, StoredFile
from moderation.subjects import quarantine
from moderation.subjects.models import Snapshot

AT_ONCE = 500


def check_files() -> Iterator[str]:
    """Every file whose row says that it is there must open with its key, and have the content that came in."""
    for model, one in COVERED.items():
        if not issubclass(model, StoredFile):
            continue
        # What was destroyed has no digest of its content any more, and an event says so.
        for file in model._default_manager.exclude(sha256="").order_by("pk").iterator(AT_ONCE):
            name = f"The content of {one.name} {file.public_id.hex}"
            try:
                read = digest_of_preserved(file) if isinstance(file, PreservedFile) else digest_of_file(file)
                if read != file.sha256:
                    yield f"{name} is another."
            except FileNotFoundError:
                yield f"{name} is gone."
            except (InvalidToken, ValueError):
                yield f"{name} cannot be read."


def check_quarantines() -> Iterator[str]:
    """Words that are locked away must open with the key outside of the database, or be destroyed by an event."""
    named = Cast(KeyTextTransform("snapshot", "data"), BigIntegerField())
    destroyed = Event.objects.filter(kind="evidence.destroyed").alias(named=named).filter(named=OuterRef("pk"))
    rows = Snapshot.objects.filter(sealed=True).select_related("quarantine", "subject").annotate(gone=Exists(destroyed))
    for snapshot in rows.order_by("pk").iterator(AT_ONCE):
        name = f"What is locked away of snapshot {snapshot.subject.public_id.hex} {snapshot.revision}"
        row = getattr(snapshot, "quarantine", None)
        if row is not None and row.done_at is not None:
            if not snapshot.gone:
                yield f"{name} was destroyed, and no event says so."
        elif row is None or row.released_at is not None:
            yield f"{name} is gone."
        elif not quarantine.opens(row):
            yield f"{name} cannot be read."
