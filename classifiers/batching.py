"""Batches of windows of like length within a token budget."""

from collections.abc import Iterator, Sequence

# Padded tokens per forward pass. Small budgets stay in the processor's cache; a GPU wants large ones.
CPU_BUDGET = 1_024
# Where the processor multiplies tiles, reading the weights takes longer than multiplying with them: fewer passes.
TILES_BUDGET = 4_096
CUDA_BUDGET = 65_536


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Indices of all items, longest first, in batches whose padded size (items × longest) fits the budget.

    An item longer than the budget makes a batch of its own.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
