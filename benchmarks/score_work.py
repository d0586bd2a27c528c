"""How much arithmetic a model needs, and how much of it this machine does in a second."""

import time
from collections.abc import Callable
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

    In int8 it is that of whole numbers, which oneDNN multiplies by a weight that it laid out for it.
    """
    size = 1_536 if device == "cpu" else 8_192
    drawn = [torch.randn(size, size, device=device) for _ in range(2)]
    product: Any = torch.mm
    if precision == "int8":
        a = drawn[0].mul_(40).clamp_(-127, 127).add_(128).to(torch.uint8)
        whole = drawn[1].mul_(20).clamp_(-63, 63).to(torch.int8)
        b = torch.ops.onednn.qlinear_prepack(whole, [size, size])
        product = _whole_product(size)
    else:
        a, b = (one.to(DTYPES[precision]) for one in drawn)
    best = 0.0
    for _round in range(4):
        began = _clock(device)
        for _time in range(2):
            product(a, b)
        best = max(best, 2 * 2 * size**3 / (_clock(device) - began))
    return best


def _whole_product(size: int) -> Callable[[Any, Any], Any]:
    scales, zeros = torch.ones(size), torch.zeros(size, dtype=torch.int32)

    def product(a: Any, b: Any) -> Any:
        return torch.ops.onednn.qlinear_pointwise(
            a, 1.0, 0, b, scales, zeros, None, 1.0, 0, torch.float32, "none", [], ""
        )

    return product


def _clock(device: str) -> float:
    if device == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()
