"""Fixtures of measures."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from moderation.policy.lanes import CHILD_SAFETY
from moderation.policy.models import Clause
from moderation.sanctions.actions import impose
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of


@pytest.fixture
def take(moderator: User) -> Callable[..., Measure]:
    """take("downgrade", repository, "spam"): a measure that holds; by somebody who may take every kind."""
    moderator.groups.add(Group.objects.get(name=CHILD_SAFETY))

    def measure(kind: str, target: Any, code: str = "spam", **fields: Any) -> Measure:
        values = {"reason": "The card advertises a shop.", "actor": moderator, **fields}
        return impose(kind, subject_of(target), clause=Clause.objects.get(code=code), **values)

    return measure
