"""Compressed streams read as loaders read them: all that follow each other, and what comes before a break."""

import bz2
import gzip
import lzma
import random
import zlib
from io import BytesIO

import lz4.frame
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from classifiers.files.compressed import Inflating, TooMuch, inflate

WAYS = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd.compress,
    "lz4": lz4.frame.compress,
}
noise = random.Random(1).randbytes


def how(name: str) -> str:
    return "gzip" if name == "zlib" else name


@pytest.mark.parametrize("name", WAYS)
@given(
    sizes=st.lists(st.sampled_from([0, 1, 511, 4_096, 4_097, 70_000]), min_size=1, max_size=4),
    zeros=st.integers(0, 40_000),
    limit=st.sampled_from([1, 600, 4_096, 5_000, 10**6]),
)
def test_all_streams_are_read_up_to_the_limit(name, sizes, zeros, limit):
    pieces = [noise(size // 2) + bytes(size - size // 2) for size in sizes]
    data = (bytes(zeros)).join(WAYS[name](piece) for piece in pieces)
    whole = b"".join(pieces)
    assert inflate(data, how(name), limit) == (whole[:limit], len(whole) > limit, False)
    assert Inflating(BytesIO(data), how(name), limit=10**6, seconds=10).read(10**6) == whole


@pytest.mark.parametrize("name", WAYS)
def test_one_that_breaks_off_gives_what_came_before_and_says_so(name):
    content = noise(300_000)
    data = WAYS[name](content)
    for place in (1, 5, len(data) // 2, len(data) - 1):
        found = inflate(data[:place], how(name), 10**6)
        assert content.startswith(found.data)
        assert found.cut
    assert inflate(b"", how(name), 9) == (b"", False, False)


@pytest.mark.parametrize("name", ["gzip", "zlib", "zstd", "lz4"])
def test_one_that_is_broken_gives_what_a_loader_would_get(name):
    """bzip2 and xz check a block before they give it, so nobody gets anything of a broken one."""
    content = b"what does harm" + noise(300_000)
    data = WAYS[name](content)
    found = inflate(data[:-200_000] + b"\xff" * 200_000, how(name), 10**6)
    assert found.cut
    assert found.data.startswith(b"what does harm")


@pytest.mark.parametrize("name", WAYS)
def test_a_bomb_is_left_at_its_bound(name):
    data = WAYS[name](bytes(10**7))
    stream = Inflating(BytesIO(data), how(name), limit=10**6, seconds=30)
    with pytest.raises(TooMuch):
        stream.read(10**7)
    with pytest.raises(TooMuch):
        Inflating(BytesIO(data), how(name), limit=10**8, seconds=0).read(10**7)
