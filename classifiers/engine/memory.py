"""Telling lack of memory from every other error, and giving back what can be given back."""

import gc
from typing import Any

import torch


def out_of_memory(error: BaseException) -> bool:
    """Whether the device or the machine could not give memory: a smaller batch may still fit."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    # On the CPU torch raises a plain RuntimeError.
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def release(device: Any) -> None:
    """Returns unused memory of the failed batch, on the device too."""
    gc.collect()
    if torch.device(device).type == "cuda":
        torch.cuda.empty_cache()
