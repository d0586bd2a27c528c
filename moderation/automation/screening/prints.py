"""Prints of texts by which nearly equal ones are found among a million (MinHash, locality-sensitive hashing)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from datasketch import MinHash

from classifiers.normalise import normalise

# The bands take the first half of the print. Texts that share four fifths of their shingles share a band with a
# probability of 99 %, those that share a third of them with 5 %. Other numbers make prints that cannot be compared with
# those stored.
PERMUTATIONS, BANDS, ROWS, SEED = 120, 12, 5, 1
# Letters, since Thai has no spaces between words. Four: one changed word of a short text changes few of them.
SHINGLE = 4
# "Thanks!", "+1", "I have the same problem": what many people say in the same words. Wide letters say twice as much.
SHORTEST = 60
LONGEST = 20_000  # characters: what comes behind them does not make two texts different

_SILENT = re.compile(r"[\W_]+")
_start = MinHash(num_perm=PERMUTATIONS, seed=SEED)


@dataclass(frozen=True)
class Print:
    """`signature` to estimate how alike two texts are, `bands` to find those worth estimating."""

    signature: bytes
    bands: list[int]

    def likeness(self, signature: bytes) -> float:
        """The estimated share of shingles, 0 to 1, that both texts have."""
        return float(np.mean(_values(self.signature) == _values(signature)))


def print_of(text: str) -> Print | None:
    """The print of `text` as it reads; None for one that is too short to say who copied whom."""
    plain = _SILENT.sub(" ", normalise(text[:LONGEST]).text.lower()).strip()
    if sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in plain) < SHORTEST:
        return None
    sketch = _start.copy()
    sketch.update_batch({plain[place : place + SHINGLE].encode(errors="replace") for place in _places(plain)})
    values = np.asarray(sketch.hashvalues, dtype="<u4")
    return Print(values.tobytes(), sorted(_bands(values)))


def _places(plain: str) -> range:
    return range(max(1, len(plain) - SHINGLE + 1))


def _bands(values: "np.ndarray[tuple[int], np.dtype[np.uint32]]") -> Iterator[int]:
    for band in range(BANDS):
        rows = values[band * ROWS : (band + 1) * ROWS].tobytes()
        yield int.from_bytes(blake2b(rows, digest_size=8, salt=bytes([band])).digest(), signed=True)


def _values(signature: bytes) -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
    return np.frombuffer(signature, dtype="<u4")
