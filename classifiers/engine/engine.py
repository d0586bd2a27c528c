"""Rows of token ids in, vectors or logits out: batches, lack of memory, and what is known already."""

import logging
from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from classifiers.batching import CPU_BUDGET, CUDA_BUDGET, batches
from classifiers.engine.cache import Cache
from classifiers.engine.memory import out_of_memory, release
from classifiers.engine.pack import Rows

logger = logging.getLogger(__name__)
Values = npt.NDArray[np.float32]


class Runner(Protocol):
    """One forward pass: (rows, width) in float32 on the device, for rows of at most `longest` tokens."""

    longest: int

    def __call__(self, rows: Rows) -> Any: ...


class Engine:
    """Runs any number of rows in batches of like length within a token budget. Safe to use from several threads.

    `precision` says in which it computes, `budget` is in tokens. With a `cache`, rows that were seen are not computed
    again.
    """

    def __init__(
        self, runner: Runner, device: str, width: int, precision: str, *, budget: int = 0, cache: Cache | None = None
    ) -> None:
        self.runner, self.device, self.width, self.precision, self.cache = runner, device, width, precision, cache
        self.budget = budget or (CUDA_BUDGET if torch.device(device).type == "cuda" else CPU_BUDGET)

    def run(self, rows: Rows) -> Values:
        """(rows, width) in the order of `rows`, whatever their batches.

        Raises ValueError for a row without tokens or with more than the model reads, FloatingPointError if the model
        gives a number that is not finite, and what torch raises when not even one row fits into the memory.
        """
        for row in rows:
            if not 0 < len(row) <= self.runner.longest:
                raise ValueError(f"A row has {len(row)} tokens; this model reads 1 to {self.runner.longest}.")
        if self.cache is None:
            return self._compute(rows)
        keys = [self.cache.key(row) for row in rows]
        out = np.empty((len(rows), self.width), dtype=np.float32)
        places: dict[bytes, list[int]] = {}
        for place, (key, vector) in enumerate(zip(keys, self.cache.find(keys), strict=True)):
            if vector is None:
                places.setdefault(key, []).append(place)
            else:
                out[place] = vector
        if places:
            # Rows that come twice are computed once.
            values = self._compute([rows[those[0]] for those in places.values()])
            self.cache.keep(list(places), values)
            for those, value in zip(places.values(), values, strict=True):
                out[those] = value
        return out

    def _compute(self, rows: Rows) -> Values:
        out = np.empty((len(rows), self.width), dtype=np.float32)
        if not rows:
            return out
        order: list[int] = []
        parts = []
        with torch.inference_mode():
            for batch, values in self._forward(rows):
                order += batch
                parts.append(values)
            # The one moment where the host waits for the device.
            out[order] = torch.cat(parts).cpu().numpy()
        if not np.isfinite(out).all():
            raise FloatingPointError("The model gave a number that is not finite.")
        return out

    def _forward(self, rows: Rows) -> Iterator[tuple[list[int], Any]]:
        budget = 1 if getattr(self.runner, "alone", False) else self.budget
        waiting = deque(batches([len(row) for row in rows], budget))
        while waiting:
            batch = waiting.popleft()
            values = self._attempt([rows[index] for index in batch], last=len(batch) == 1)
            if values is None:
                half = len(batch) // 2
                logger.warning("No memory for %s rows of %s tokens: halved.", len(batch), len(rows[batch[0]]))
                waiting.extendleft([batch[half:], batch[:half]])
            else:
                yield batch, values

    def _attempt(self, rows: Rows, *, last: bool) -> Any:
        """The values of a batch, None if there was no memory for it; raises that error for the `last` that can be."""
        try:
            return self.runner(rows)
        except Exception as error:
            if last or not out_of_memory(error):
                raise
        # Outside of the handler: its traceback would hold on to the tensors of the failed batch.
        release(self.device)
        return None
