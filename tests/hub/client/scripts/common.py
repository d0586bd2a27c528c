"""What the scripts share. They run under every line of the client library: nothing but it and Python is there."""

import json
import sys
from collections.abc import Callable
from typing import Any

ARGUMENTS: dict[str, Any] = json.loads(sys.argv[1])


def attempt(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a call returns, or which error it raises, of which class, with which cause, status and words."""
    try:
        return call(*arguments, **options)
    except Exception as error:  # noqa: BLE001 - which error it is, is what a test asks
        response = getattr(error, "response", None)
        return {
            "error": type(error).__name__,
            "cause": type(error.__cause__).__name__,
            "status": response.status_code if response is not None else None,
            "commit": response.headers.get("X-Repo-Commit") if response is not None else None,
            "text": str(error),
        }


def say(**seen: Any) -> None:
    """The last line of a script: what it saw."""
    print(json.dumps(seen, default=str))
