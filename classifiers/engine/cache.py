"""What was computed for rows that come again: floods of one text, cards copied from card to card."""

import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
# Bytes of vectors that one cache keeps: 20,000 of the default model.
MOST = 32 << 20


class Cache:
    """A bounded store of vectors by the content of their row and all that computed them; the least used go first.

    `revision` names the model, its weights, device and precision: vectors of another one are never found. Only hashes
    and vectors are held, no words. Safe to use from several threads.
    """

    def __init__(self, revision: str, most: int = MOST) -> None:
        self._seed = hashlib.blake2b(revision.encode(), digest_size=16).digest()
        self._most, self._size = most, 0
        self._vectors: OrderedDict[bytes, Vector] = OrderedDict()
        self._lock = Lock()
        self.hits = self.misses = 0

    def key(self, row: Sequence[int]) -> bytes:
        """The 16 bytes under which the vector of a row of token ids is kept."""
        return hashlib.blake2b(array("I", row).tobytes(), digest_size=16, key=self._seed).digest()

    def find(self, keys: Sequence[bytes]) -> list[Vector | None]:
        """The vector of each key, None for one that is not kept."""
        with self._lock:
            found = [self._vectors.get(key) for key in keys]
            for key, vector in zip(keys, found, strict=True):
                if vector is not None:
                    self._vectors.move_to_end(key)
            hits = sum(vector is not None for vector in found)
            self.hits += hits
            self.misses += len(keys) - hits
        return found

    def keep(self, keys: Sequence[bytes], vectors: Any) -> None:
        """Keeps copies of `vectors` (keys, width) under `keys`."""
        with self._lock:
            for key, vector in zip(keys, vectors, strict=True):
                old = self._vectors.pop(key, None)
                self._vectors[key] = vector.copy()
                self._size += vector.nbytes - (0 if old is None else old.nbytes)
            while self._size > self._most:
                _key, vector = self._vectors.popitem(last=False)
                self._size -= vector.nbytes

    def clear(self) -> None:
        with self._lock:
            self._vectors.clear()
            self._size = 0

    def __len__(self) -> int:
        return len(self._vectors)
