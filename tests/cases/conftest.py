"""Fixtures of the dashboard: reports, scores, and the form a moderator sends."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from classifiers.text import LabelScore, Provenance
from community.actions import add_comment
from community.models import Comment, Discussion
from foundation import clock
from moderation.cases.actions import claim, receive_report
from moderation.cases.models import Case
from moderation.cases.priority import update_priority
from moderation.policy.models import Clause
from moderation.scoring.actions import revision_of, save_scores
from moderation.subjects.models import Snapshot

PROVENANCE = Provenance(
    name="text",
    model="all-MiniLM-L6-v2",
    weights_sha256="ab" * 32,
    head_version="2026-11-01",
    code_version="c0de",
    libraries={"torch": "2.13"},
    precision="fp32",
    device="cpu",
)


@pytest.fixture
def report(reporter: User) -> Callable[..., Case]:
    """report(target, "harassment", by=…): files a report and returns its case."""

    def file(target: Any, code: str = "harassment", *, by: User | None = None, **fields: Any) -> Case:
        values = {"text": "He insults everybody here.", **fields}
        filed = receive_report(target, clause=Clause.objects.get(code=code), actor=by or reporter, **values)
        return Case.objects.get(case_reports__report=filed)

    return file


@pytest.fixture
def case(report: Callable[..., Case], comment: Comment) -> Case:
    """An open case about a comment of `author`."""
    return report(comment)


@pytest.fixture
def claimed_case(case: Case, moderator: User) -> Case:
    return claim(case, actor=moderator)


@pytest.fixture
def many_cases(report: Callable[..., Case], discussion: Discussion, author: User) -> Callable[[int], list[Case]]:
    """many_cases(3): cases about comments of `author`."""

    def make(count: int) -> list[Case]:
        comments = [add_comment(discussion, text=f"Idiot number {n}!", actor=author) for n in range(count)]
        return [report(comment) for comment in comments]

    return make


@pytest.fixture
def score() -> Callable[..., None]:
    """score(case, "toxicity", 0.9): what a classifier said of what was reported."""

    def save(case: Case, label: str = "toxicity", value: float = 0.9, *, start: int = 0, end: int = 5) -> None:
        one = LabelScore(label, value, threshold=0.5, confident_threshold=0.8, start=start, end=end)
        snapshots = list(Snapshot.objects.filter(reports__case_report__case=case).distinct())
        save_scores(snapshots, [[one]] * len(snapshots), revision=revision_of(PROVENANCE), milliseconds=1.5)
        update_priority(Case.objects.get(pk=case.pk), clock.now())  # as whoever scores does

    return save


@pytest.fixture
def decide_form() -> Callable[..., dict[str, Any]]:
    """decide_form(case, outcome="no_violation"): what the browser sends; a warning for harassment by default."""

    def data(case: Case, **changes: Any) -> dict[str, Any]:
        return {
            "version": case.version,
            "request_id": str(uuid.uuid4()),
            "outcome": "violation",
            "clause": "harassment",
            "measures": ["friendly_warning"],
            "explanation": "You called people idiots and told them to shut up.",
            **changes,
        }

    return data
