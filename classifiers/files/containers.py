"""The pickles of a file wherever they lie: plain, in a zip (as PyTorch and NumPy write them), compressed, in a .npy."""

from functools import reduce
from io import BytesIO
from operator import or_
from typing import BinaryIO

from classifiers.files.compressed import inflate
from classifiers.files.findings import ARCHIVE, BROKEN
from classifiers.files.formats import (
    NUMPY_MAGIC,
    ZIP_MAGIC,
    claims_pickle,
    compression,
    is_other_archive,
    uncompressed,
)
from classifiers.files.pickles import Budget, PickleScan, is_pickle, scan_pickles
from classifiers.files.zips import parts

# What is read of one pickle, compressed or not, and how deep containers may lie in containers.
MAX_PICKLE = 32 * 2**20
MAX_DEPTH = 3
HEAD = 4_096
# Opcodes that are read of what does not claim to be a pickle.
GLANCE = 10_000


def read_pickles(path: str, stream: BinaryIO, head: bytes) -> PickleScan | None:
    """The imports of all pickles in a file that begins with `head`, None if it holds none.

    They are found by content and by name. Of a zip the members are read, of anything else at most MAX_PICKLE.
    """
    if head.startswith(ZIP_MAGIC):
        return _of_zip(stream, Budget(), MAX_DEPTH)
    data = head
    if _most(path, head):
        stream.seek(0)
        data = stream.read(MAX_PICKLE)
    stream.seek(len(data))
    return _of_content(path, data, Budget(), MAX_DEPTH, cut=bool(stream.read(1)))


def _most(path: str, head: bytes) -> int:
    """How many bytes of a file are wanted beside its head."""
    contains = head.startswith((NUMPY_MAGIC, *ZIP_MAGIC)) or compression(path, head) is not None
    return MAX_PICKLE if contains or claims_pickle(path, head) else 0


def _of_content(path: str, data: bytes, budget: Budget, depth: int, *, cut: bool) -> PickleScan | None:
    if is_other_archive(data) or depth == 0:
        return PickleScan(reason=ARCHIVE)
    if data.startswith(ZIP_MAGIC):
        return _of_zip(BytesIO(data), budget, depth)
    if how := compression(path, data):
        return _of_compressed(path, data, how, budget, depth)
    if data.startswith(NUMPY_MAGIC):
        return _of_array(data, budget, cut=cut)
    if claims_pickle(path, data):
        return scan_pickles(data, budget, cut=cut)
    glance = Budget(opcodes=GLANCE)
    scan = scan_pickles(data, glance, cut=cut)
    budget.opcodes -= GLANCE - glance.opcodes
    return scan if is_pickle(scan) else None


def _of_zip(stream: BinaryIO, budget: Budget, depth: int) -> PickleScan | None:
    scans: list[PickleScan | None] = []
    for part in parts(stream, budget, _most):
        if part.reason:
            scans.append(PickleScan(reason=part.reason))
        if part.data:
            scans.append(_of_content(part.name, part.data, budget, depth - 1, cut=part.cut))
    return _merged(scans)


def _of_compressed(path: str, data: bytes, how: str, budget: Budget, depth: int) -> PickleScan | None:
    inner, cut = uncompressed(path), True
    content, _ = inflate(data, how, HEAD)
    if not content:
        return PickleScan(reason=BROKEN) if claims_pickle(inner, data) else None
    if wanted := min(_most(inner, content), max(budget.inflated, 0)):
        content, cut = inflate(data, how, wanted)
        budget.inflated -= len(content)
    return _of_content(inner, content, budget, depth - 1, cut=cut)


def _of_array(data: bytes, budget: Budget, *, cut: bool) -> PickleScan | None:
    """A NumPy array holds a pickle if its elements are objects."""
    from numpy.lib import format as npy

    stream = BytesIO(data)
    try:
        read = npy.read_array_header_1_0 if npy.read_magic(stream) == (1, 0) else npy.read_array_header_2_0
        dtype = read(stream)[2]
    except Exception:  # noqa: BLE001 - the header is an expression in Python's words, which may be hostile
        return PickleScan(reason=BROKEN)
    return scan_pickles(data[stream.tell() :], budget, cut=cut) if dtype.hasobject else None


def _merged(scans: list[PickleScan | None]) -> PickleScan | None:
    found = [scan for scan in scans if scan is not None]
    return reduce(or_, found) if found else None
