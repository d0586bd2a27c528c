"""Contents that the law wants kept, encrypted on disk piece by piece, however large they are (C9)."""

import hashlib
import os
import uuid
from pathlib import Path
from typing import BinaryIO

from cryptography.fernet import Fernet
from django.db import connection

from foundation import clock
from moderation.reports.actions.erasing import destroy_file
from moderation.reports.actions.evidence import path_of
from moderation.reports.models import PreservedFile
from moderation.subjects.models import Quarantine
from moderation.subjects.quarantine import unwrap, wrap

# Bytes of a piece; each is a line of the file.
PIECE = 1024 * 1024


def preserve(row: Quarantine, stream: BinaryIO, *, name: str) -> PreservedFile | None:
    """Keep the content of `stream` behind a quarantine; None where it is kept already. `name` is where it lay.

    On disk before the commit, so that nothing is lost (L3): without its row nobody can read it, and it is swept.
    """
    assert connection.in_atomic_block, "what is preserved is kept in the transaction that asks for it"
    if PreservedFile.objects.filter(quarantine=row).exists():
        return None
    key, public_id, hashed, size = Fernet.generate_key(), uuid.uuid4(), hashlib.sha256(), 0
    seal, path = Fernet(key), path_of(public_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(seal.encrypt(name.encode()) + b"\n")
        while piece := stream.read(PIECE):
            hashed.update(piece)
            size += len(piece)
            file.write(seal.encrypt(piece) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    values = {"media_type": "application/octet-stream", "size": size, "sha256": hashed.hexdigest(),
              "created_at": clock.now()}  # fmt: skip
    return PreservedFile.objects.create(quarantine=row, public_id=public_id, name="", key=wrap(key), **values)


def hand_over(kept: PreservedFile, folder: Path) -> Path:
    """Write the content, decrypted, into `folder` for the authorities; returns where. Who asks is asked before."""
    seal = Fernet(unwrap(bytes(kept.key)))
    with path_of(kept.public_id).open("rb") as file:
        name = Path(seal.decrypt(file.readline().strip()).decode()).name
        target = folder / f"{kept.pk}-{name}"
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            for line in file:
                written.write(seal.decrypt(line.strip()))
    return target


def digest_of_preserved(kept: PreservedFile) -> str:
    """The digest of the content on the disk, piece by piece; raises what digest_of_file does."""
    seal, hashed = Fernet(unwrap(bytes(kept.key))), hashlib.sha256()
    with path_of(kept.public_id).open("rb") as file:
        seal.decrypt(file.readline().strip())
        for line in file:
            hashed.update(seal.decrypt(line.strip()))
    return hashed.hexdigest()


def destroy_preserved(row: Quarantine) -> list[PreservedFile]:
    """Destroy what is kept behind a quarantine whose time is over; its row stays, and is returned as it is left."""
    found = list(PreservedFile.objects.filter(quarantine=row).select_related("quarantine__snapshot__subject"))
    for kept in found:
        destroy_file(kept)
    return found
