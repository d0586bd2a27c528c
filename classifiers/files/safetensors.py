"""Whether the header of a safetensors file is what the format asks for: a reader that trusts it reads what is there."""

import json
from itertools import pairwise
from math import prod
from typing import Any, BinaryIO

from classifiers.files.findings import Finding, printable
from classifiers.files.formats import MAX_SAFETENSORS_HEADER

# Bits of one number.
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "U16": 16, "I16": 16, "F16": 16, "BF16": 16, "U32": 32, "I32": 32, "F32": 32, "U64": 64, "I64": 64, "F64": 64,
    "C64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
METADATA = "__metadata__"
# Tens of thousands of tensors fit into this; more is an attack on readers, who parse it in memory.
MAX_HEADER = 16 * 2**20
MAX_SIDES = 20


class _Wrong(Exception):  # noqa: N818 - reads as what happened
    """What is wrong with a header, in English."""


def check_header(stream: BinaryIO, size: int) -> Finding | None:
    """What is wrong with the header of a file of `size` bytes, None if nothing is; reads no further than its end."""
    stream.seek(0)
    length = int.from_bytes(stream.read(8), "little")
    if length > min(MAX_SAFETENSORS_HEADER, size - 8):
        return _broken(f"it claims {length} bytes")
    if length > MAX_HEADER:
        return Finding("format", "caution", "huge_header", f"{length} bytes")
    try:
        _check(_parsed(stream.read(length)), size - 8 - length)
    except _Wrong as wrong:
        return _broken(str(wrong))
    return None


def _broken(why: str) -> Finding:
    return Finding("format", "caution", "broken_header", printable(why))


def _parsed(raw: bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise _Wrong("a name comes twice")
        return found

    if not raw.startswith(b"{"):
        raise _Wrong("it does not begin with {")
    try:
        header = json.loads(raw.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise _Wrong("it is no JSON") from None
    if not isinstance(header, dict):
        raise _Wrong("it is no object")
    return header


def _check(header: dict[str, Any], size: int) -> None:
    """Raises _Wrong unless the tensors lie one behind the other and fill the `size` bytes behind the header."""
    metadata = header.pop(METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _Wrong(f"{METADATA} is not names with texts")
    places = sorted(_place(name, entry) for name, entry in header.items())
    ends = [(0, 0, ""), *places, (size, size, "the end")]
    for (_, end, before), (start, _, name) in pairwise(ends):
        if start < end:
            raise _Wrong(f"{name} begins within {before}" if name != "the end" else f"{before} ends behind the file")
        if start > end:
            raise _Wrong(f"nothing lies before {name}")


def _place(name: str, entry: Any) -> tuple[int, int, str]:
    """Where a tensor begins and ends, with its name. Raises _Wrong."""
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise _Wrong(f"{name} is not dtype, shape and data_offsets")
    shape, offsets, bits = entry["shape"], entry["data_offsets"], BITS.get(str(entry["dtype"]))
    if bits is None:
        raise _Wrong(f"{name} has an unknown dtype")
    if not _are_sizes(shape) or len(shape) > MAX_SIDES or not _are_sizes(offsets) or len(offsets) != 2:
        raise _Wrong(f"{name} has a shape or data_offsets that are no sizes")
    start, end = offsets
    if start > end or prod(shape) * bits != (end - start) * 8:
        raise _Wrong(f"{name} does not have the bytes of its shape")
    return start, end, name


def _are_sizes(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**48 for value in values
    )
