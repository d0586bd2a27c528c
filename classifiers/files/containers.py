"""The pickles of a file wherever they lie: plain, in archives, compressed, in a .npy; and the code of Keras models."""

from collections.abc import Iterable
from functools import reduce
from io import BytesIO
from operator import or_
from typing import BinaryIO

from classifiers.files import keras, seven_zips, tars, zips
from classifiers.files.archives import Part
from classifiers.files.budget import Budget
from classifiers.files.compressed import Inflating, inflate
from classifiers.files.findings import ARCHIVE, BROKEN, TOO_LARGE
from classifiers.files.formats import (
    HDF5_ENDINGS,
    HDF5_MAGIC,
    NUMPY_MAGIC,
    SEVEN_ZIP_MAGIC,
    ZIP_ENDINGS,
    ZIP_MAGIC,
    claims_pickle,
    compression,
    ending,
    is_archive,
    is_certainly_compressed,
    is_hdf5,
    is_hidden_zip,
    is_other_archive,
    is_tar,
    uncompressed,
)
from classifiers.files.pickles import PickleScan, is_pickle, scan_pickles

# What is read of one pickle, compressed or not, and how deep containers may lie in containers.
MAX_PICKLE = 32 * 2**20
MAX_DEPTH = 3
HEAD = 4_096
# Opcodes that are read of what does not claim to be a pickle.
GLANCE = 10_000
# Of a compressed tar, what is inflated to get at its members, in bytes and in seconds of the processor.
MAX_PASSED, PASSING_SECONDS = 2 * 2**30, 20.0
# The same of anything else that is compressed.
INFLATING_SECONDS = 20.0


def read_pickles(path: str, stream: BinaryIO, head: bytes) -> PickleScan | None:
    """The imports of all pickles in a file that begins with `head`, and other code; None if it holds none.

    They are found by content and by name. Of archives the members are read, of anything else at most MAX_PICKLE.
    """
    budget = Budget()
    hidden = _of_hidden_zip(stream, budget, MAX_DEPTH)
    if (found := _of_container(path, stream, head, budget, MAX_DEPTH)) is not None:
        return _merged([found, hidden])
    data = head
    if most(path, head):
        stream.seek(0)
        data = stream.read(MAX_PICKLE)
    stream.seek(len(data))
    return _merged([_of_beginning(path, data, budget, MAX_DEPTH, cut=bool(stream.read(1))), hidden])


def most(path: str, head: bytes) -> int:
    """How many bytes of a file are wanted beside its head."""
    if head.startswith((NUMPY_MAGIC, HDF5_MAGIC)) or is_archive(head) or compression(path, head) is not None:
        return MAX_PICKLE
    if claims_pickle(path, head) or ending(path) in ZIP_ENDINGS | HDF5_ENDINGS:
        return MAX_PICKLE
    return keras.MAX_CONFIG if keras.is_config(path) else 0


def _of_container(path: str, stream: BinaryIO, head: bytes, budget: Budget, depth: int) -> PickleScan | None:
    """What a file holds that has members; an empty result where nothing of it matters, None for any other file."""
    how = compression(path, head)
    tar_within = how is not None and is_tar(inflate(head, how, HEAD).data)
    if not is_archive(head) and not tar_within:
        return None
    if depth == 0:
        return PickleScan(reason=ARCHIVE)
    stream.seek(0)
    if head.startswith(ZIP_MAGIC):
        return _of_parts(zips.parts(stream, budget, most), budget, depth, in_zip=True)
    if head.startswith(SEVEN_ZIP_MAGIC):
        return _of_parts(seven_zips.parts(stream, budget, most), budget, depth)
    if how is None:
        return _of_parts(tars.parts(stream, budget, most), budget, depth)
    inflating = Inflating(stream, how, limit=MAX_PASSED, seconds=PASSING_SECONDS)
    return _of_parts(tars.parts(inflating, budget, most, forwards=True), budget, depth)


def _of_hidden_zip(stream: BinaryIO, budget: Budget, depth: int) -> PickleScan | None:
    """What a zip holds that lies behind other bytes; None where there is none."""
    if not is_hidden_zip(stream):
        return None
    if depth == 0:
        return PickleScan(reason=ARCHIVE)
    return _of_parts(zips.parts(stream, budget, most), budget, depth, in_zip=True)


def _of_parts(parts: Iterable[Part], budget: Budget, depth: int, *, in_zip: bool = False) -> PickleScan | None:
    scans: list[PickleScan | None] = [PickleScan()]
    for part in parts:
        if part.reason:
            scans.append(PickleScan(reason=part.reason))
        if part.data and in_zip and keras.is_config(part.name):
            code, reason = keras.of_config(part.data, cut=part.cut)
            scans.append(PickleScan(code=frozenset(code), reason=reason))
        elif part.data:
            scans.append(_of_content(part.name, part.data, budget, depth - 1, cut=part.cut))
    return _merged(scans)


def _of_content(path: str, data: bytes, budget: Budget, depth: int, *, cut: bool) -> PickleScan | None:
    hidden = _of_hidden_zip(BytesIO(data), budget, depth)
    if not data.startswith(HDF5_MAGIC) and ending(path) in HDF5_ENDINGS and is_hdf5(BytesIO(data)):
        code, reason = keras.of_hdf5(BytesIO(data))
        hidden = _merged([hidden, PickleScan(code=frozenset(code), reason=reason or (TOO_LARGE if cut else ""))])
    if cut and ending(path) in ZIP_ENDINGS:
        hidden = _merged([hidden, PickleScan(reason=TOO_LARGE)])
    return _merged([_of_beginning(path, data, budget, depth, cut=cut), hidden])


def _of_beginning(path: str, data: bytes, budget: Budget, depth: int, *, cut: bool) -> PickleScan | None:
    if is_other_archive(data):
        return PickleScan(reason=ARCHIVE)
    if (found := _of_container(path, BytesIO(data), data, budget, depth)) is not None:
        return found
    if how := compression(path, data):
        return _of_compressed(path, data, how, budget, depth) if depth else PickleScan(reason=ARCHIVE)
    if data.startswith(NUMPY_MAGIC):
        return _of_array(data, budget, cut=cut)
    if data.startswith(HDF5_MAGIC) or (ending(path) in HDF5_ENDINGS and is_hdf5(BytesIO(data))):
        code, reason = keras.of_hdf5(BytesIO(data))
        # Keras reads numbers from there and nothing else, and large ones are the rule.
        unread = TOO_LARGE if cut and not keras.is_weights(path) else ""
        return PickleScan(code=frozenset(code), reason=reason or unread)
    if claims_pickle(path, data):
        return scan_pickles(data, budget, cut=cut)
    glance = Budget(opcodes=GLANCE)
    scan = scan_pickles(data, glance, cut=cut)
    budget.opcodes -= GLANCE - glance.opcodes
    return scan if is_pickle(scan) else None


def _of_compressed(path: str, data: bytes, how: str, budget: Budget, depth: int) -> PickleScan | None:
    inner, found = uncompressed(path), inflate(data, how, HEAD)
    if wanted := min(most(inner, found.data), max(budget.inflated, 0)):
        found = inflate(data, how, wanted, seconds=max(min(INFLATING_SECONDS, budget.seconds_left), 0))
        budget.inflated -= len(found.data)
    scan = _of_content(inner, found.data, budget, depth - 1, cut=found.cut) if found.data else None
    unread = ""
    if found.broken and (scan or claims_pickle(inner, data) or is_certainly_compressed(data)):
        unread = BROKEN
    elif found.cut and not found.data and not found.broken:
        unread = TOO_LARGE
    return _merged([PickleScan(reason=unread) if unread else None, scan])


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
