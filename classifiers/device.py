"""What a model runs on and in which precision: a GPU when there is one, the CPU otherwise (H1)."""

import os
from functools import cache

import torch

from classifiers.engine.attention import has_tiles
from classifiers.engine.whole import counts_whole

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
# Texts may be read in whole numbers too, made of float32 weights when the engine is built.
OF_TEXTS = DTYPES | {"int8": torch.float32}


def pick_device() -> str:
    """`cuda` when a GPU answers, else `cpu`."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def pick_precision(device: str) -> str:
    """The precision of images on a device: OMBUD_PRECISION if set to one of theirs, else the fastest that is safe.

    bf16 is nearly twice as fast as fp32 and ranks as well, except on processors without AVX-512, which only emulate
    it. Raises ValueError for an unknown name.
    """
    wanted = _wanted()
    if wanted in DTYPES:
        return wanted
    if device == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    return "bf16" if torch.backends.cpu.get_cpu_capability() == "AVX512" else "fp32"


def pick_text_precision(device: str) -> str:
    """The same of texts: OMBUD_PRECISION if set, else the fastest whose ranking `make bench-score` holds to fp32's.

    On processors that multiply whole numbers of 8 bits faster than halves (AVX-512 with VNNI; those without AVX-512,
    which know no halves) that is int8, for the models that the engine packs; others are read as pictures are there,
    and so are all where the processor has tiles for bf16 (AMX): there a small model is faster in bf16, and nothing is
    rounded more than needed. Raises ValueError for an unknown name.
    """
    if wanted := _wanted():
        return wanted
    return "int8" if counts_whole(device) and not has_tiles() else pick_precision(device)


def _wanted() -> str:
    wanted = os.environ.get("OMBUD_PRECISION", "")
    if wanted and wanted not in OF_TEXTS:
        raise ValueError(f"OMBUD_PRECISION is {wanted!r}; choose one of {', '.join(OF_TEXTS)}.")
    return wanted


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
