"""Fixtures of rules: comments and repositories that people reported and a classifier scored."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from moderation.automation.models import Rule
from moderation.cases.models import Case
from tests.cases.conftest import decide_form, report, score

__all__ = ["decide_form", "report", "score"]


@pytest.fixture
def voices(make_user: Callable[..., User]) -> list[User]:
    """Three people who know neither each other nor the author."""
    return [make_user(name) for name in ("ada", "ben", "cleo")]


@pytest.fixture
def reported(report: Callable[..., Case], score: Callable[..., None], voices: list[User]) -> Callable[..., Case]:
    """reported(target, "harassment", by=…, value=0.9): a case with a score and reports of three people."""

    def file(target: Any, code: str = "harassment", *, by: list[User] | None = None, **scored: Any) -> Case:
        people = voices if by is None else by
        case = [report(target, code, by=person) for person in people][-1]
        score(case, **scored)
        return case

    return file


@pytest.fixture
def live(db: None) -> Rule:
    """The rule about toxic comments, switched live."""
    Rule.objects.update(mode=Rule.Mode.LIVE)
    return Rule.objects.get(code="toxic-comment")
