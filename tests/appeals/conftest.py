import pytest

from moderation.sanctions.models import StatementOfReasons
from tests.reports.steps import case_of, decided, reported


@pytest.fixture
def report(comment, reporter):
    return reported(comment, reporter)


@pytest.fixture
def decision(report, moderator):
    """The author of the comment may not post for 48 hours; mira decided."""
    return decided(case_of(report), moderator, "posting_ban")


@pytest.fixture
def statement(decision, author):
    return StatementOfReasons.objects.get(recipient=author)


@pytest.fixture
def refused_report(comment, reporter, moderator):
    """A report with which mira did not agree, and that decision."""
    report = reported(comment, reporter)
    return report, decided(case_of(report), moderator)
