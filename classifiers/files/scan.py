"""A look into one file (A8): pickles that import code, secrets, provenance of images, files that are not as named."""

from typing import BinaryIO

from classifiers.files import formats
from classifiers.files.containers import read_pickles
from classifiers.files.findings import BEGINNING, FAILED, TOO_LARGE, FileFindings, Finding, level_of
from classifiers.files.pickles import findings_of
from classifiers.files.provenance import read_provenance
from classifiers.files.text_secrets import find_secrets

# Of text, and of any file whose beginning shows that nothing more is needed, this much is read.
MAX_TEXT = 2**20
MAX_IMAGE = 32 * 2**20


def scan_file(path_in_repository: str, stream: BinaryIO, size: int) -> FileFindings:
    """What a file of `size` bytes holds. The stream must be seekable; it is read in parts and left anywhere.

    Bounded in time and memory for any content, and runs nothing of it. What cannot be read makes the result
    `unscanned` with the reason; the only errors raised are the stream's own OSErrors, for the beginning.
    """
    stream.seek(0)
    head = stream.read(MAX_TEXT)
    try:
        return _scan(path_in_repository, stream, head, size)
    except Exception:  # noqa: BLE001 - a stranger's bytes make a reader raise whatever comes
        return FileFindings("unscanned", reason=FAILED)


def _scan(path: str, stream: BinaryIO, head: bytes, size: int) -> FileFindings:
    kept = formats.keeps_its_word(path, head, size)
    if kept or not head:
        return FileFindings("safe")
    found = [Finding("format", "caution", "wrong_format", formats.ending(path))] if kept is False else []
    if mime_type := formats.image_type(head):
        return _image(stream, mime_type, size, found)
    scan = read_pickles(path, stream, head)
    imports, reason = None, scan.reason if scan else ""
    if scan:
        imports, hits = findings_of(scan.imports)
        found += hits
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
