"""What a file of weights in the format safetensors says it holds: names, kinds and shapes, without the numbers."""

import json
from dataclasses import dataclass
from math import prod
from typing import Any, BinaryIO

LONGEST_HEADER = 1024 * 1024
SHOWN = 500


@dataclass(frozen=True)
class Tensor:
    name: str
    kind: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Tensors:
    """The first tensors by name, how many there are, and how many numbers they hold together."""

    shown: list[Tensor]
    number: int
    parameters: int


def read_tensors(stream: BinaryIO) -> Tensors | None:
    """The header of a safetensors file; None when it is none, or longer than LONGEST_HEADER. Reads no further."""
    length = int.from_bytes(stream.read(8), "little")
    if not 2 <= length <= LONGEST_HEADER:
        return None
    try:
        header = json.loads(stream.read(length))
        tensors = [_tensor(name, value) for name, value in header.items() if name != "__metadata__"]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return None
    tensors.sort(key=lambda tensor: tensor.name)
    return Tensors(tensors[:SHOWN], len(tensors), sum(prod(tensor.shape) for tensor in tensors))


def _tensor(name: str, value: Any) -> Tensor:
    shape = tuple(value["shape"])
    if len(shape) > 20 or not all(isinstance(side, int) and 0 <= side < 2**48 for side in shape):
        raise ValueError(name)
    return Tensor(name[:200], str(value["dtype"])[:20], shape)
