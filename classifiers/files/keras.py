"""Code that a Keras model brings: lambda layers (Python bytecode) and classes from outside, in `.keras` and HDF5."""

import json
import re
from collections.abc import Iterator
from time import thread_time
from typing import Any, BinaryIO

from classifiers.files.findings import TOO_LARGE, TOO_SLOW, Finding, printable

CONFIG, MAX_CONFIG = "config.json", 16 * 2**20
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
# Ours and everybody's JSON writers leave plain letters as they are; a written-out one hides something.
WRITTEN_OUT = re.compile(rb"\\u00[4-7][0-9a-fA-F]")
STEP, OVERLAP = 4 * 2**20, 4_096
MAX_HDF5, SECONDS = 8 * 2**30, 30.0


def is_config(path: str) -> bool:
    """Whether a member of a zip is what Keras builds a model from."""
    return path.rpartition("/")[2] == CONFIG


def of_config(raw: bytes) -> tuple[Finding, ...]:
    """The findings in a model's configuration, each thing once; none for what is no JSON."""
    try:
        config = json.loads(raw)
        found = dict.fromkeys(_walk(config))
    except (ValueError, RecursionError):
        return ()
    return tuple(found)[:MAX_FINDINGS]


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
        read, rest = read + len(block), window[-OVERLAP:]
        if read >= MAX_HDF5:
            return (), TOO_LARGE
        if thread_time() > until:
            return (), TOO_SLOW
    return (), ""


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
