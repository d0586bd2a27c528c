import uuid
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def form() -> Callable[..., dict[str, Any]]:
    """form(clause="spam", …): what a browser sends from the report form."""

    def fill(**changes: Any) -> dict[str, Any]:
        filled = {
            "clause": "spam",
            "text": "It advertises a shop in every section.",
            "ground": "rules",
            "request_id": str(uuid.uuid4()),
        }
        return {key: value for key, value in {**filled, **changes}.items() if value is not None}

    return fill


@pytest.fixture
def address() -> Callable[[Any], str]:
    """Where something is reported."""
    return lambda target: f"/report/{type(target).__name__.lower()}/{target.public_id}"
