"""Fixtures of measures."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from moderation.policy.models import Clause
from moderation.sanctions.actions import impose
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of


@pytest.fixture
def take(moderator: User) -> Callable[..., Measure]:
    """take("downgrade", repository, "spam"): a measure that holds."""

    def measure(kind: str, target: Any, code: str = "spam", **fields: Any) -> Measure:
        values = {"reason": "The card advertises a shop.", "actor": moderator, **fields}
        return impose(kind, subject_of(target), clause=Clause.objects.get(code=code), **values)

    return measure
