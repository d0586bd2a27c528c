"""PDQ, a hash of how an image looks (H5): near ones are of images that look alike, whatever was done to the file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers.images.decoder import Pixels

Words = npt.NDArray[np.uint64]

BITS = 256
# As those who made PDQ advise: nearer than this it is the same image; below this quality there is too little in it.
DISTANCE, QUALITY = 31, 50
TURNED_SIDE = 128


@dataclass(frozen=True)
class Hash:
    """`value` is 64 hexadecimal digits, `quality` 0 to 100: low for a plain surface, whose hash says nothing."""

    value: str
    quality: int


@dataclass(frozen=True)
class Near:
    """A known hash that is near: its place in the list it came from, and how many bits differ."""

    place: int
    distance: int


def hash_of(pixels: Pixels) -> Hash:
    """The hash of a frame in RGB."""
    import pdqhash

    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return Hash(_hex(bits), int(quality))


def turned(pixels: Pixels) -> list[Hash]:
    """The hashes of a frame as it is, and turned and mirrored in the seven other ways: the simplest disguises.

    The library's own way to get them from one pass is off by 10 to 32 bits, where 31 decide; turning the pixels
    of a small copy is off by less than 10, and the seven together cost no more than the first.
    """
    from PIL import Image

    small = Image.fromarray(pixels)
    small.thumbnail((TURNED_SIDE, TURNED_SIDE), Image.Resampling.BOX)
    ways = [small.transpose(way) for way in Image.Transpose]
    return [hash_of(pixels), *(hash_of(np.asarray(way)) for way in ways)]


def is_hash(value: str) -> bool:
    """Whether a text is a PDQ hash: 64 hexadecimal digits."""
    return len(value) == BITS // 4 and all(digit in "0123456789abcdefABCDEF" for digit in value)


class KnownHashes:
    """Hashes to compare with, in memory: 32 bytes each."""

    def __init__(self, values: Iterable[str]) -> None:
        """`values` are PDQ hashes in hex. Raises ValueError for anything else."""
        wanted = list(values)
        if wrong := next((number for number, value in enumerate(wanted, 1) if not is_hash(value)), None):
            raise ValueError(f"entry {wrong} is no PDQ hash, 64 hexadecimal digits.")
        self._words = np.frombuffer(bytes.fromhex("".join(wanted)), dtype=np.uint64).reshape(-1, BITS // 64)

    def __len__(self) -> int:
        return len(self._words)

    def nearest(self, hashes: Sequence[Hash], *, distance: int = DISTANCE, quality: int = QUALITY) -> Near | None:
        """The nearest known hash to any of `hashes` within `distance` bits; None for one whose quality is too low."""
        best: Near | None = None
        if not len(self._words):
            return None
        for one in hashes:
            if one.quality < quality:
                continue
            differing = np.bitwise_count(self._words ^ _words(one.value)).sum(axis=1, dtype=np.uint16)
            place = int(differing.argmin())
            found = Near(place, int(differing[place]))
            if found.distance <= distance and (best is None or found.distance < best.distance):
                best = found
        return best


def _words(value: str) -> Words:
    return np.frombuffer(bytes.fromhex(value), dtype=np.uint64)


def _hex(bits: npt.NDArray[np.uint8]) -> str:
    return np.packbits(bits).tobytes().hex()
