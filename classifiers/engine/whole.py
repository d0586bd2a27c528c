"""A linear layer that multiplies whole numbers of 8 bits: twice as many as a processor does in the next wider kind.

Each row of the input has a scale and an offset of its own, taken from that row alone, so that a value does not depend
on what else is in its batch; each output has a scale of its own, taken from its weights. To make whole numbers takes
one pass over the input, to make numbers of the product two over the output.
"""

from typing import Any

import torch
from torch.nn import functional

from classifiers.engine.linear import ACTIVATIONS, ROWS

# The row's own scale and offset, which stand behind its numbers: they are multiplied with zeros.
BEHIND = 8


class WholeLinear:
    """`activation(x · weightᵀ + bias)` for x of (rows, in); as `Linear`, but for the rounding. Of float32 weights.

    Gives `dtype`, float32 unless something else is asked for; takes any.
    """

    def __init__(self, weight: Any, bias: Any, activation: str = "", dtype: Any = torch.float32) -> None:
        self._kind, self._algorithm = ACTIVATIONS[activation]
        self._dtype, self._bias = dtype, bias.detach().float()
        weight = weight.detach().float()
        self._scales = (weight.abs().amax(1) / reach()).clamp_(min=torch.finfo(torch.float32).tiny)
        whole = (weight / self._scales[:, None]).round_().to(torch.int8)
        # What an offset of 1 adds to each output.
        self._sums = whole.float().sum(1) * self._scales
        self._weight = torch.ops.onednn.qlinear_prepack(functional.pad(whole, (0, BEHIND)), [ROWS, weight.shape[1]])
        self._zeros = torch.zeros(len(whole), dtype=torch.int32)

    def __call__(self, x: Any) -> Any:
        """(rows, out)."""
        y = self._product(x)
        if self._kind == "gelu":
            y = torch.ops.aten.gelu_(y, approximate=self._algorithm)
        elif self._kind == "relu":
            y = y.relu_()
        return y.to(self._dtype)

    def plus(self, x: Any, residual: Any) -> Any:
        """The layer's output for `x` and `residual` of (rows, out)."""
        return self(x).add_(residual)

    def _product(self, x: Any) -> Any:
        # An operator for tables of embeddings: each row as numbers from 0 to 255, then its scale and its offset.
        numbers = torch.ops.quantized.embedding_bag_byte_prepack(x.float())
        scale, offset = numbers.view(torch.float32)[:, -2:].split(1, dim=1)
        product = torch.ops.onednn.qlinear_pointwise(
            numbers, 1.0, 0, self._weight, self._scales, self._zeros, None, 1.0, 0, torch.float32, "none", [], ""
        )
        return torch.addcmul(self._bias, offset, self._sums).addcmul_(product, scale)


def reach() -> int:
    """The largest whole number that a weight becomes on this processor.

    Without VNNI two products of 8 bits are added in 16 bits, and 2 × 255 × 65 would be too much for them.
    """
    return 127 if _has_vnni() else 63


def precision_name() -> str:
    """What scores were computed in: weights of 8 bits and of 7 give others."""
    return "int8" if reach() == 127 else "int8/7"


def counts_whole(device: str) -> bool:
    """Whether this build of torch and this processor multiply whole numbers of 8 bits faster than halves."""
    return (
        device == "cpu"
        and torch.backends.mkldnn.is_available()
        and (_has_vnni() or torch.backends.cpu.get_cpu_capability() == "AVX2")
        and hasattr(torch.ops.onednn, "qlinear_pointwise")
        and hasattr(torch.ops.quantized, "embedding_bag_byte_prepack")
    )


def _has_vnni() -> bool:
    wide = torch.backends.cpu.get_cpu_capability() == "AVX512"
    return wide and bool(torch.cpu.get_capabilities().get("avx512_vnni"))


def takes_whole(body: Any) -> bool:
    """Whether rows of these widths can be counted: the scale behind them stands where a float32 may stand."""
    return all(part.weight.shape[1] % 4 == 0 for layer in body.layers for part in (layer.query, layer.out, layer.down))
