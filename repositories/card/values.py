"""Values of front matter in the shapes that the database takes."""

import json
import math
import re
from datetime import date
from typing import Any

LARGEST_MATTER = 60_000  # bytes of JSON
_LARGEST_INTEGER = 2**63  # beyond it, programs that read our JSON lose digits
_DROPPED = object()
_MODEL = re.compile(r"\w[\w.-]{0,95}/\w[\w.-]{0,95}", re.ASCII)
_DATASET = re.compile(r"(?:\w[\w.-]{0,95}/)?\w[\w.-]{0,95}", re.ASCII)


def clean(text: str) -> str:
    """`text` without what a database does not take: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def words(value: Any, *, longest: int, most: int) -> list[str]:
    """The single values in a value of front matter as text, each once: at most `most`, of `longest` characters."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    found = dict.fromkeys(clean(str(one)).strip()[:longest] for one in values[: most * 10] if _is_word(one))
    return [one for one in found if one][:most]


def word(value: Any, *, longest: int) -> str:
    """The first of `words`, "" where there is none."""
    return "".join(words(value, longest=longest, most=1))


def is_model(name: str) -> bool:
    """Whether it can be the name of a model: owner/name."""
    return bool(_MODEL.fullmatch(name))


def is_dataset(name: str) -> bool:
    """Whether it can be the name of a dataset: owner/name, or the one word of a dataset that everybody knows."""
    return bool(_DATASET.fullmatch(name))


def json_safe(values: dict[Any, Any]) -> dict[str, Any]:
    """Front matter as JSON says it: dates as ISO text; what JSON does not know is left out.

    Empty where it would take more than LARGEST_MATTER bytes.
    """
    safe: dict[str, Any] = _safe(values)
    return safe if len(json.dumps(safe)) <= LARGEST_MATTER else {}


def _safe(value: Any) -> Any:
    if isinstance(value, dict):
        items = ((_key(name), _safe(one)) for name, one in value.items())
        return {name: one for name, one in items if name is not _DROPPED and one is not _DROPPED}
    if isinstance(value, list | tuple):
        return [one for one in map(_safe, value) if one is not _DROPPED]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_INTEGER else _DROPPED
    return value if isinstance(value, float) and math.isfinite(value) else _DROPPED


def _key(value: Any) -> Any:
    safe = _safe(value)
    return safe if isinstance(safe, str) or safe is _DROPPED else json.dumps(safe)


def _is_word(value: Any) -> bool:
    # Of a number with thousands of digits Python refuses to write them.
    return isinstance(value, str | bool | float) or (isinstance(value, int) and value.bit_length() < 1_000)
