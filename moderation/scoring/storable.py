"""What JSON says and PostgreSQL keeps: options of a classifier, whether a file or a form gives them."""

import json
from typing import Any


def storable(value: Any) -> Any:
    """`value` as it is read back from the database: tuples are lists, keys are texts.

    Raises ValueError for what cannot be kept there: NaN and Infinity, the character zero, half of a character, and
    whatever is no JSON.
    """
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except TypeError as error:
        raise ValueError(str(error)) from None
    except UnicodeEncodeError:
        raise ValueError("half of a character (a lone surrogate)") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    kept = json.loads(text)
    if _has_zero(kept):
        raise ValueError("the character zero")
    return kept


def _has_zero(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_zero(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return any(map(_has_zero, value))
    return isinstance(value, str) and "\0" in value


class StorableDecoder(json.JSONDecoder):
    """Reads JSON that can be kept; the rest is no JSON to it."""

    def decode(self, s: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return storable(super().decode(s, *args, **kwargs))
        except (ValueError, RecursionError) as error:
            if isinstance(error, json.JSONDecodeError):
                raise
            raise json.JSONDecodeError(str(error), "", 0) from None
