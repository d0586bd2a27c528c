"""Rows of token ids laid end to end, without padding."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, groupby
from typing import Any

import numpy as np
import torch

Rows = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Pack:
    """`ids` and `positions` of all tokens (tokens,), on the device; the rest stays with the host."""

    ids: Any
    positions: Any
    lengths: tuple[int, ...]

    @cached_property
    def longest(self) -> int:
        return max(self.lengths)

    @cached_property
    def starts(self) -> list[int]:
        """Where each row begins, and where the last one ends."""
        return [0, *accumulate(self.lengths)]

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Neighbours of one length, as their number and that length."""
        return [(len(list(run)), length) for length, run in groupby(self.lengths)]

    @cached_property
    def bounds(self) -> Any:
        """`starts` on the device, int32, as kernels for rows of several lengths want them."""
        return to_device(np.array(self.starts, dtype=np.int32), self.ids.device)

    @cached_property
    def firsts(self) -> Any:
        """The places of the first tokens, on the device."""
        return self.bounds[:-1].long()

    @cached_property
    def rows(self) -> Any:
        """The row of each token, on the device."""
        return to_device(np.repeat(np.arange(len(self.lengths)), self.lengths), self.ids.device)


def pack(rows: Rows, device: Any) -> Pack:
    """A pack of `rows` in their order; rows of equal length should be neighbours."""
    lengths = tuple(len(row) for row in rows)
    ids = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=sum(lengths))
    positions = np.concatenate([np.arange(length) for length in lengths])
    return Pack(to_device(ids, device), to_device(positions, device), lengths)


def to_device(array: Any, device: Any) -> Any:
    """`array` as a tensor there. Out of pinned memory, so that the host goes on while a GPU still computes."""
    tensor = torch.from_numpy(array)
    if torch.device(device).type == "cuda":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor
