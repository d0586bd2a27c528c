"""What a model runs on and in which precision: a GPU when there is one, the CPU otherwise (H1)."""

import os
from functools import cache

import torch

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}


def pick_device() -> str:
    """`cuda` when a GPU answers, else `cpu`."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def pick_precision(device: str) -> str:
    """The precision for a device: OMBUD_PRECISION if set (bf16, fp16, fp32), else the fastest that is safe.

    bf16 is nearly twice as fast as fp32 and ranks texts as well (`make bench-score` holds it to that), except on
    processors without AVX-512, which only emulate it. Raises ValueError for an unknown name.
    """
    wanted = os.environ.get("OMBUD_PRECISION", "")
    if wanted:
        if wanted not in DTYPES:
            raise ValueError(f"OMBUD_PRECISION is {wanted!r}; choose one of {', '.join(DTYPES)}.")
        return wanted
    if device == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    return "bf16" if torch.backends.cpu.get_cpu_capability() == "AVX512" else "fp32"


@cache
def set_threads() -> int:
    """Sets torch's threads once per process to OMBUD_TORCH_THREADS, else to all processors but one, at most 8.

    The one left is for the web server and the database: threads that wait for a busy processor at every layer
    are slower together than one alone. Returns the number. Raises ValueError if the variable is not a whole
    number from 1.
    """
    wanted = os.environ.get("OMBUD_TORCH_THREADS", "")
    if wanted and (not wanted.isdecimal() or int(wanted) < 1):
        raise ValueError(f"OMBUD_TORCH_THREADS is {wanted!r}; give a whole number from 1.")
    threads = int(wanted) if wanted else min(8, max(1, len(os.sched_getaffinity(0)) - 1))
    torch.set_num_threads(threads)
    return threads
