"""The small JSON files in which a model declares what it is, read whatever they hold."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

INDEX = "model_index.json"
MAX_BYTES = 2**20


def read_declaration(raw: bytes) -> dict[str, Any] | None:
    """The object that a JSON file holds; None if it holds none, nests too deep or is larger than MAX_BYTES."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def is_null(entry: object) -> bool:
    """Whether a component is declared as switched off: null, false, or diffusers' pair of nulls."""
    return not entry or (isinstance(entry, list) and not any(entry))


def declarations(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and object of each JSON file that can be read, in the order of their paths."""
    for path in sorted(files):
        if path.endswith(".json") and (read := read_declaration(files[path])) is not None:
            yield path, read
