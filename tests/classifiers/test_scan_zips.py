"""Members of zips by every method that somebody loads or unpacks: looked into within the same bounds."""

import bz2
import io
import lzma
import os
import pickle
import struct
import time
import tracemalloc
import zipfile
import zlib

import inflate64
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.files import zips
from classifiers.files.archives import Part
from classifiers.files.budget import Budget
from classifiers.files.containers import MAX_PICKLE, most
from classifiers.files.words import REASONS
from tests.classifiers.test_scan_files import HOSTILE, scan, zipped

DEFLATED, DEFLATE64, LZMA, PPMD = 8, 9, 14, 98
LZMA_SETTINGS = [{"id": lzma.FILTER_LZMA1, "dict_size": 2**16, "lc": 3, "lp": 0, "pb": 2}]


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def deflated64(data: bytes) -> bytes:
    packer = inflate64.Deflater()
    return packer.deflate(data) + packer.flush()


def lzma_with_an_end(data: bytes, dictionary: int = 2**16) -> bytes:
    properties = bytes([(2 * 5 + 0) * 9 + 3]) + struct.pack("<I", dictionary)
    return b"\x00\x04" + struct.pack("<H", 5) + properties + lzma.compress(data, lzma.FORMAT_RAW, filters=LZMA_SETTINGS)


def lzma_without(data: bytes) -> bytes:
    """As 7-Zip writes it: where it ends is known from the size alone."""
    whole = lzma_with_an_end(data)
    for left_out in range(8, 0, -1):
        decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=LZMA_SETTINGS)
        if decoder.decompress(whole[9:-left_out]) == data and not decoder.eof:
            return whole[:-left_out]
    raise AssertionError(len(whole))


WAYS = {
    "deflate": (DEFLATED, deflated),
    "Deflate64": (DEFLATE64, deflated64),
    "bzip2": (12, bz2.compress),
    "LZMA": (LZMA, lzma_with_an_end),
    "LZMA that does not say where it ends": (LZMA, lzma_without),
    "Zstandard": (93, zstd.compress),
    "Zstandard by its first number": (20, zstd.compress),
    "xz": (95, lzma.compress),
}
NEW = {name: way for name, way in WAYS.items() if name != "deflate"}
ways = pytest.mark.parametrize(("number", "pack"), WAYS.values(), ids=WAYS.keys())
new_ways = pytest.mark.parametrize(("number", "pack"), NEW.values(), ids=NEW.keys())


def zipped_by(number: int, packed: bytes, size: int, name: str = "m/data.pkl", flags: int = 0) -> bytes:
    """A zip of one member that lies there as `packed`, by the method of this number."""
    data = bytearray(zipped([(name, packed)], zipfile.ZIP_STORED))
    directory = data.index(b"PK\x01\x02", 30 + len(name) + len(packed))
    for start, sizes in ((6, 22), (directory + 8, directory + 24)):
        struct.pack_into("<HH", data, start, flags, number)
        struct.pack_into("<I", data, sizes, size)
    return bytes(data)


@ways
def test_a_harmful_import_is_found_by_every_method(number, pack):
    found = scan(zipped_by(number, pack(HOSTILE), len(HOSTILE)), "model.zip")
    assert (found.level, found.reason) == ("unsafe", "")
    assert [one.detail for one in found.findings] == ["posix.system"]


@ways
def test_what_does_no_harm_is_safe(number, pack):
    data = pickle.dumps([1, "words"])
    assert scan(zipped_by(number, pack(data), len(data)), "model.pt").level == "safe"


@ways
@pytest.mark.parametrize("size", [1, 511, 512, 513, 100_000])
def test_all_of_a_member_is_read_where_it_is_wanted(number, pack, size):
    data = os.urandom(size // 2) + bytes(size - size // 2)
    (part,) = zips.parts(io.BytesIO(zipped_by(number, pack(data), size, "a.pkl")), Budget(), most)
    assert (part.data, part.cut, part.reason) == (data, False, "")


@pytest.mark.parametrize("number", [12, LZMA])
def test_as_python_itself_writes_it(number):
    data = zipped([("a.txt", b"words" * 999), ("b/model.pkl", HOSTILE)], number)
    assert scan(data, "all.zip").level == "unsafe"


def test_what_lies_beside_a_member_in_a_child_is_looked_into_too():
    inner = zipped_by(DEFLATE64, deflated64(HOSTILE), len(HOSTILE))
    assert scan(zipped([("a.txt", b"words"), ("b.zip", inner)]), "all.zip").level == "unsafe"


@new_ways
def test_one_that_breaks_off_is_never_called_safe(number, pack):
    data = HOSTILE + os.urandom(9_000)
    packed = pack(data)[:5_000]
    found = scan(zipped_by(number, packed, len(data)), "model.zip")
    # bzip2 gives a block when it has all of it.
    assert (found.level, found.reason) == ("unscanned" if number == 12 else "unsafe", "broken")


@new_ways
def test_one_that_is_none_is_never_called_safe(number, pack):
    for packed in (b"\xff" * 90, b"\x09\x04\x05\x00\xff" + bytes(90), pack(HOSTILE)[:3]):
        found = scan(zipped_by(number, packed, 90), "model.zip")
        assert (found.level, found.reason) == ("unscanned", "broken")


@pytest.mark.parametrize("number", [1, 6, PPMD, 99, 1234])
def test_other_methods_are_said(number):
    found = scan(zipped_by(number, HOSTILE, len(HOSTILE)), "model.zip")
    assert (found.level, found.reason) == ("unscanned", "archive")


def test_what_is_under_a_password_is_said_and_looked_at_as_it_lies():
    noise = scan(zipped_by(0, b"noise " * 9, 54, "a", flags=1), "all.zip")
    assert (noise.level, noise.reason) == ("unscanned", "archive")
    assert scan(zipped_by(0, HOSTILE, len(HOSTILE), flags=1), "model.pt").level == "unsafe"


@pytest.mark.slow
@new_ways
def test_a_bomb_is_left_at_its_bound(number, pack):
    data = zipped_by(number, pack(bytes(2**28)), 2**28, "a.pkl")
    began = time.process_time()
    tracemalloc.start()
    level = scan(data, "a.zip").level
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert level == "unscanned"
    assert peak < 5 * MAX_PICKLE
    assert time.process_time() - began < 30


def test_a_dictionary_is_no_larger_than_what_is_inflated():
    data = zipped_by(LZMA, lzma_with_an_end(HOSTILE, dictionary=2**32 - 1), len(HOSTILE))
    tracemalloc.start()
    level = scan(data, "a.zip").level
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert level == "unsafe"
    assert peak < 5 * MAX_PICKLE


@new_ways
def test_members_share_the_bounds_of_their_file(number, pack):
    data = zipped_by(number, pack(bytes(2**20)), 2**20, "a.pkl")
    (part,) = zips.parts(io.BytesIO(data), Budget(inflated=1_000), most)
    assert part.reason == "too_large"
    (part,) = zips.parts(io.BytesIO(data), Budget(seconds=-1), most)
    assert part == Part(reason="too_slow")


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_member_never_raises(draw):
    number, pack = draw.draw(st.sampled_from([way for way in NEW.values() if way[0] != DEFLATE64]))
    packed = pack(HOSTILE * 9)
    place = draw.draw(st.integers(0, len(packed) - 1))
    packed = packed[:place] + draw.draw(st.binary(max_size=8)) + packed[place + 4 :]
    assert scan(zipped_by(number, packed, 9 * len(HOSTILE)), "m.zip").reason in {"", *REASONS}


def test_a_damaged_member_in_a_child_never_raises():
    packed = deflated64(HOSTILE * 9)
    for place in range(0, len(packed), max(len(packed) // 5, 1)):
        found = scan(
            zipped_by(DEFLATE64, packed[:place] + b"\xff\x00" + packed[place + 2 :], 9 * len(HOSTILE)), "m.zip"
        )
        assert found.reason in {"", *REASONS}
