"""Code that a Keras model brings: lambda layers (Python bytecode) and classes from outside, in `.keras` and HDF5."""

import json
import re
from collections.abc import Iterator
from time import thread_time
from typing import Any, BinaryIO

from classifiers.files.findings import BROKEN, TOO_LARGE, TOO_SLOW, Finding, printable

CONFIG, MAX_CONFIG = "config.json", 16 * 2**20
# The numbers of a `.keras`, which holds what its layers are in CONFIG.
WEIGHTS = "model.weights.h5"
MAX_FINDINGS = 50
LAMBDAS = frozenset({"Lambda", "__lambda__"})
# What serialised models of Keras refer to; anything else is imported from wherever the loader finds it.
OWN = re.compile(r"(?:keras|tf_keras|keras_hub|keras_nlp|keras_cv|tensorflow|builtins)(?:\.|$)")
HARMFUL = re.compile(
    r"(?:os|posix|nt|sys|subprocess|shutil|socket|runpy|pty|importlib|ctypes|pickle|code|webbrowser)(?:\.|$)"
)
HARMFUL_BUILTINS = frozenset({"eval", "exec", "compile", "__import__", "open", "getattr", "breakpoint"})

# HDF5 is read as bytes: its library is no safe reader of hostile files, and keeps an attribute's text in one piece.
NAMED = re.compile(rb'"class_name"\s*:\s*"(?:Lambda|__lambda__)"')
# The same as far as it can be seen where a block ends.
BEGUN = re.compile(rb'"class_name"\s*+(?::\s*+(?:"[A-Za-z_]{0,12})?)?\Z')
SPACES = re.compile(rb"\s+")
# Ours and everybody's JSON writers leave plain letters as they are; a written-out one hides something.
WRITTEN_OUT = re.compile(rb"\\u00[4-7][0-9a-fA-F]")
STEP, OVERLAP = 4 * 2**20, 4_096
MAX_HDF5, SECONDS = 8 * 2**30, 30.0


def is_config(path: str) -> bool:
    """Whether a member of a zip is what Keras builds a model from."""
    return path.rpartition("/")[2] == CONFIG


def is_weights(path: str) -> bool:
    """Whether a member of a zip is where Keras keeps a model's numbers."""
    return path.rpartition("/")[2] == WEIGHTS


def of_config(raw: bytes, *, cut: bool = False) -> tuple[tuple[Finding, ...], str]:
    """The findings in a model's configuration, each thing once, and why it could not be read whole, or "".

    Of what is no JSON, or is `cut`, a lambda layer is found as in HDF5.
    """
    try:
        if not cut:
            return tuple(dict.fromkeys(_walk(json.loads(raw))))[:MAX_FINDINGS], ""
    except (ValueError, RecursionError):
        pass
    reason = TOO_LARGE if cut else BROKEN
    return ((Finding("code", "unsafe", "lambda_layer"),) if NAMED.search(raw) else ()), reason


def of_hdf5(stream: BinaryIO) -> tuple[tuple[Finding, ...], str]:
    """What a file of HDF5 holds, and why it was not read to its end, or ""."""
    stream.seek(0)
    until, read, rest = thread_time() + SECONDS, 0, b""
    while block := stream.read(STEP):
        window = rest + block
        if (b"Lambda" in window or b"__lambda__" in window) and NAMED.search(window):
            return (Finding("code", "unsafe", "lambda_layer"),), ""
        if b"\\u00" in window and WRITTEN_OUT.search(window):
            return (Finding("code", "caution", "foreign_code", "\\u00…"),), ""
        read, rest = read + len(block), _carried(window)
        if read >= MAX_HDF5:
            return (), TOO_LARGE
        if thread_time() > until:
            return (), TOO_SLOW
    return (), ""


def _carried(window: bytes) -> bytes:
    """Of a window what the next one begins with: its end, or a name that has begun there, however wide it is set."""
    place = window.rfind(b'"class_name"')
    if place >= 0 and BEGUN.match(window, place):
        return SPACES.sub(b" ", window[place:])
    return window[-OVERLAP:]


def _walk(config: Any) -> Iterator[Finding]:
    """One finding for each record that names a class which brings code."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        if not isinstance(value, dict):
            continue
        waiting += value.values()
        name, module = value.get("class_name"), value.get("module")
        if isinstance(name, str) and name in LAMBDAS:
            yield Finding("code", "unsafe", "lambda_layer")
        elif isinstance(name, str) and isinstance(module, str):
            if HARMFUL.match(module) or (module == "builtins" and name in HARMFUL_BUILTINS):
                yield Finding("code", "unsafe", "foreign_code", printable(f"{module}.{name}"))
            elif not OWN.match(module):
                yield Finding("code", "caution", "foreign_code", printable(f"{module}.{name}"))
