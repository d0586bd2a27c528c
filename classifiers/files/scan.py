"""A look into one file (A8): what runs code when it is loaded, secrets, known files, broken headers, provenance."""

import hashlib
from collections.abc import Callable, Container
from time import thread_time
from typing import BinaryIO

from classifiers.files import formats, keras
from classifiers.files.containers import read_pickles
from classifiers.files.findings import BEGINNING, FAILED, TOO_LARGE, TOO_SLOW, FileFindings, Finding, level_of
from classifiers.files.pickles import findings_of
from classifiers.files.provenance import read_provenance
from classifiers.files.safetensors import check_header
from classifiers.files.text_secrets import find_secrets

# Of text, and of any file whose beginning shows that nothing more is needed, this much is read.
MAX_TEXT = 2**20
MAX_IMAGE = 32 * 2**20
# What is read to know a file's SHA-256 where nobody tells it, in bytes and in seconds of the processor.
MAX_HASHED, HASHING_SECONDS, STEP = 8 * 2**30, 30.0, 2**20

# SHA-256 in hex to whether it is known to be bad, or to the name of the list that has it.
KnownBad = Container[str] | Callable[[str], bool | str | None]


def scan_file(
    path_in_repository: str, stream: BinaryIO, size: int, *, known_bad: KnownBad | None = None, sha256: str = ""
) -> FileFindings:
    """What a file of `size` bytes holds. The stream must be seekable; it is read in parts and left anywhere.

    With `known_bad` its SHA-256 is looked up: `sha256` if the caller knows it (64 hexadecimal digits), else it is
    computed. Bounded in time and memory for any content, and runs nothing of it. What cannot be read makes the result
    `unscanned` with the reason; the only errors raised are the stream's own OSErrors, for the beginning, and those of
    `known_bad`.
    """
    stream.seek(0)
    head = stream.read(MAX_TEXT)
    known, reason = _look_up(stream, size, known_bad, sha256)
    try:
        found = _scan(path_in_repository, stream, head, size)
    except Exception:  # noqa: BLE001 - a stranger's bytes make a reader raise whatever comes
        found = FileFindings("unscanned", reason=FAILED)
    return found.with_more(known, reason)


def _look_up(stream: BinaryIO, size: int, known_bad: KnownBad | None, sha256: str) -> tuple[tuple[Finding, ...], str]:
    """A finding if the file is known, and why we could not know, or ""."""
    if known_bad is None:
        return (), ""
    reason = ""
    if not sha256:
        sha256, reason = sha256_of(stream, size)
    if reason:
        return (), reason
    said = known_bad(sha256) if callable(known_bad) else sha256 in known_bad
    return ((Finding("hash", "unsafe", "known_bad", said if isinstance(said, str) else ""),) if said else ()), ""


def sha256_of(stream: BinaryIO, size: int) -> tuple[str, str]:
    """The SHA-256 of a file in hex and "", or "" and why it was not read to its end."""
    if size > MAX_HASHED:
        return "", TOO_LARGE
    digest, until = hashlib.sha256(), thread_time() + HASHING_SECONDS
    stream.seek(0)
    while block := stream.read(STEP):
        digest.update(block)
        if thread_time() > until:
            return "", TOO_SLOW
    return digest.hexdigest(), ""


def _scan(path: str, stream: BinaryIO, head: bytes, size: int) -> FileFindings:
    if not head:
        return FileFindings("safe")
    kept = formats.keeps_its_word(path, head, size)
    found = [Finding("format", "caution", "wrong_format", formats.ending(path))] if kept is False else []
    if kept:
        if formats.ending(path) == ".safetensors" and (wrong := check_header(stream, size)):
            found.append(wrong)
        return FileFindings(level_of(found, ""), tuple(found))
    # What a loader finds whatever the file begins with.
    hidden_zip = formats.ending(path) in formats.ZIP_ENDINGS and formats.is_hidden_zip(stream)
    unread = ""
    if formats.is_hdf5(stream):
        code, unread = keras.of_hdf5(stream)
        found += code
        if head.startswith(formats.HDF5_MAGIC) and not hidden_zip:
            return FileFindings(level_of(found, unread), tuple(found), unread)
    if not hidden_zip and (mime_type := formats.image_type(head)):
        return _image(stream, mime_type, size, found)
    scan = read_pickles(path, stream, head)
    imports, reason = None, unread or (scan.reason if scan else "")
    if scan:
        listed, hits = findings_of(scan.imports)
        imports = listed if scan.imports or scan.reason or scan.whole else None
        found += [*hits, *sorted(scan.code - {*found}, key=lambda one: (one.level != "unsafe", one.code, one.detail))]
    text = formats.text(head)
    if text is not None:
        secrets, why = find_secrets(text)
        found += secrets
        reason = reason or why or (BEGINNING if size > len(head) else "")
    return FileFindings(level_of(found, reason), tuple(found), reason, imports)


def _image(stream: BinaryIO, mime_type: str, size: int, found: list[Finding]) -> FileFindings:
    if size > MAX_IMAGE:
        return FileFindings(level_of(found, TOO_LARGE), tuple(found), TOO_LARGE)
    stream.seek(0)
    provenance = read_provenance(stream.read(MAX_IMAGE), mime_type)
    if provenance and provenance.state == "invalid":
        found.append(Finding("c2pa", "caution", "invalid_manifest", provenance.generator))
    return FileFindings(level_of(found, ""), tuple(found), provenance=provenance)
