"""How much arithmetic a model needs, and how much of it this machine does in a second."""

import time
from typing import Any

import torch

from classifiers.device import DTYPES


def operations(config: Any, length: int, *, first_only: bool) -> float:
    """Floating-point operations of the products in one pass over a row of `length` tokens, without padding."""
    size, inner, layers = config.hidden_size, config.intermediate_size, config.num_hidden_layers
    square, feed, heard = 2 * size * size, 4 * size * inner, 4 * length * size
    whole = length * (4 * square + feed + heard)
    last = length * 2 * square + (2 * square + feed + heard) if first_only else whole
    return float((layers - 1) * whole + last)


def peak(precision: str, device: str = "cpu") -> float:
    """Operations a second of processor time of this machine's own matrix product; of wall time on a GPU.

    In int8 it is that of whole numbers.
    """
    size = 1_536 if device == "cpu" else 8_192
    drawn = [torch.randn(size, size, device=device) for _ in range(2)]
    if precision == "int8":
        a, b = ((40 * one).clamp_(-127, 127).to(torch.int8) for one in drawn)
        product: Any = torch._int_mm
    else:
        a, b = (one.to(DTYPES[precision]) for one in drawn)
        product = torch.mm
    best = 0.0
    for _round in range(4):
        began = _clock(device)
        for _time in range(2):
            product(a, b)
        best = max(best, 2 * 2 * size**3 / (_clock(device) - began))
    return best


def _clock(device: str) -> float:
    if device == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()
