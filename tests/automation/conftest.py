"""Fixtures of rules: comments and repositories that people reported and a classifier scored."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from community.actions import add_comment, open_discussion
from community.models import Comment
from moderation.automation.models import Rule
from moderation.cases.models import Case
from repositories.models import Repository
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


@pytest.fixture
def newcomer(make_user: Callable[..., User]) -> User:
    """Somebody whose account is a day old."""
    return make_user("fresh", days_old=1)


@pytest.fixture
def post(repository: Repository, author: User) -> Callable[..., Comment]:
    """post("text", by=…, where=…): the comment that opens a new discussion."""

    def write(text: str, *, by: User | None = None, where: Repository | None = None) -> Comment:
        discussion = open_discussion(where or repository, title="A question", text=text, actor=by or author)
        return discussion.comments.get()

    return write


@pytest.fixture
def many_comments(discussion: Any, make_user: Callable[..., User]) -> Callable[[int], list[Comment]]:
    """many_comments(3): comments by as many people, who are new in the thread."""

    def write(count: int) -> list[Comment]:
        return [add_comment(discussion, text=f"Idiots, number {n}!", actor=make_user(f"rude{n}")) for n in range(count)]

    return write
