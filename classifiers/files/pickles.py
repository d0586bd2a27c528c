"""The imports of pickles, read without loading anything, with picklescan's verdict on each."""

import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pickletools import genops
from typing import Any

from classifiers.files import joblib
from classifiers.files.budget import Budget
from classifiers.files.findings import BROKEN, TOO_LARGE, Finding, Import, printable

MAX_IMPORTS = 100
# torch.save before the zip files: its magic number, four more pickles, then raw numbers.
LEGACY_TORCH, LEGACY_PICKLES = bytes.fromhex("8a0a6cfc9c46f9206aa850192e"), 5
IMPORTING = frozenset({"GLOBAL", "INST", "STACK_GLOBAL"})
# What an import costs, in opcodes: it is looked up and judged.
IMPORT = 20
# What picklescan cannot find out it calls "unknown".
NAMED = re.compile(r"(?!unknown$)[^\W\d]\w*(?:\.[^\W\d]\w*)*")
WORST_FIRST = ("dangerous", "suspicious", "innocuous")


@dataclass(frozen=True, slots=True)
class PickleScan:
    """The imports, and why we did not read to the end ("" if we did). `whole`: the first pickle is a complete one.

    `code` is what else beside the pickles runs code when it is loaded.
    """

    imports: frozenset[Import] = frozenset()
    reason: str = ""
    whole: bool = False
    code: frozenset[Finding] = frozenset()

    def __or__(self, other: "PickleScan") -> "PickleScan":
        return PickleScan(
            self.imports | other.imports,
            self.reason or other.reason,
            self.whole or other.whole,
            self.code | other.code,
        )


def scan_pickles(data: bytes, budget: Budget, *, cut: bool = False) -> PickleScan:
    """Reads the pickles that follow each other in `data`, which may be anything; `cut` if the file goes on after it."""
    imports: set[Import] = set()
    legacy = data[2:].startswith(LEGACY_TORCH)
    harmless: tuple[str, str] | None = None
    if joblib.MARK in data:
        plain, found_all = joblib.without_arrays(data, budget)
        # Who loads it without joblib takes the numbers for opcodes, so the beginning is read as it is, too.
        as_it_is, _, _ = _split(data, budget, None)
        imports |= {one for one in _imports(as_it_is) if NAMED.fullmatch(one.module) and NAMED.fullmatch(one.name)}
        data, harmless = plain, joblib.WRAPPER if found_all else None
    pieces, reason, whole = _split(data, budget, LEGACY_PICKLES if legacy else None)
    for piece in pieces:
        try:
            imports |= _imports_of(piece)
        except Exception:  # noqa: BLE001 - hostile opcodes make it raise whatever comes
            reason = reason or BROKEN
    if harmless:
        # What it loads beside numbers are pickles, which we read.
        imports = {replace(one, safety="innocuous") if (one.module, one.name) == harmless else one for one in imports}
    if cut and (reason or not legacy):
        reason = TOO_LARGE
    return PickleScan(frozenset(imports), reason, whole)


def _imports(pieces: Iterable[bytes]) -> set[Import]:
    """The imports of those pieces that can be read."""
    found: set[Import] = set()
    for piece in pieces:
        with suppress(Exception):
            found |= _imports_of(piece)
    return found


def _imports_of(piece: bytes) -> set[Import]:
    """The imports of one pickle. Raises whatever comes."""
    result = _picklescan().scan_pickle_bytes(BytesIO(piece), "", multiple_pickles=False)
    return {Import(printable(one.module), printable(one.name), one.safety.value) for one in result.globals}


def is_pickle(scan: PickleScan) -> bool:
    """Whether bytes that do not claim to be a pickle are one: complete with an import, or clearly hostile.

    An import counts that names something: prose and raw numbers can look as if they imported, too.
    """
    named = [one for one in scan.imports if NAMED.fullmatch(one.module) and NAMED.fullmatch(one.name)]
    return any(scan.whole or one.safety == "dangerous" for one in named)


def findings_of(imports: Iterable[Import]) -> tuple[tuple[Import, ...], tuple[Finding, ...]]:
    """Up to MAX_IMPORTS imports, the worst first, and a finding for each that is not innocuous."""
    worst = sorted(imports, key=lambda one: (WORST_FIRST.index(one.safety), one.module, one.name))[:MAX_IMPORTS]
    found = [
        Finding(
            "pickle",
            "unsafe" if one.safety == "dangerous" else "caution",
            f"{one.safety}_import",
            f"{one.module}.{one.name}",
        )
        for one in worst
        if one.safety != "innocuous"
    ]
    return tuple(worst), tuple(found)


def _split(data: bytes, budget: Budget, last: int | None) -> tuple[list[bytes], str, bool]:
    """Of the pickles up to the `last` those that import something, each alone so that none can spoil the others; and
    what PickleScan says.

    This pass holds one opcode at a time; it bounds what picklescan, which keeps them all, is given.
    """
    stream, pieces, count = BytesIO(data), list[bytes](), 0
    while (start := stream.tell()) < len(data) and count != last:
        importing = False
        try:
            for opcode, _, _ in genops(stream):
                imports = opcode.name in IMPORTING
                importing = importing or imports
                budget.opcodes -= IMPORT if imports else 1
                if budget.opcodes < 0:
                    return [*pieces, data[start : stream.tell()]], TOO_LARGE, count > 0
        except Exception:  # noqa: BLE001 - the reader of opcodes raises whatever comes
            return [*pieces, data[start:]], BROKEN, count > 0
        count += 1
        if importing:
            pieces.append(data[start : stream.tell()])
    return pieces, "", count > 0


@cache
def _picklescan() -> Any:
    from picklescan import scanner

    # It logs each import that it dislikes, in the words of whoever wrote the pickle.
    logging.getLogger("picklescan").setLevel(logging.CRITICAL + 1)
    return scanner
