"""Your standing, as somebody upset opens it on a phone: fits, accessible, and a countdown that stays right (F5, J5)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import User
from foundation import clock
from moderation.cases.actions import decide
from moderation.reports.actions.limits import REPORTS
from moderation.reports.models import Report, ReportingLimit
from tests.reports.steps import case_of, decided, reported


def in_bad_faith(report: Report, moderator: User) -> None:
    """We found it to be made without any ground, and its reporter may send us fewer for a while."""
    case = case_of(report)
    decide(
        case, actor=moderator, version=case.version, outcome="no_violation", explanation="It advertises nothing.",
        bad_faith=[report.public_id],
    )  # fmt: skip
    ends_at = clock.now() + timedelta(days=30)
    ReportingLimit.objects.create(person=report.reporter, per_day=3, reason=REPORTS.reason(), ends_at=ends_at)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone(dark, visit, repository, comment, author, reporter, moderator, accessible, fits) -> None:
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban", "friendly_warning")
    in_bad_faith(reported(repository, author, "spam"), moderator)
    page = visit(author, width=320, dark=dark)
    page.goto("/standing")
    left = page.locator("[data-left]")
    expect(left).to_have_text(re.compile(r"^(2\sdays|1\sday, 23\shours) left\.$"))
    expect(page.get_by_role("heading", name="Warnings")).to_be_visible()
    expect(page.get_by_role("heading", name="Fewer reports for a while")).to_be_visible()
    page.get_by_role("link", name=re.compile("Your report of")).click()
    expect(page.get_by_role("link", name="Contest this outcome")).to_be_visible()
    page.goto("/standing")
    accessible(page)
    fits(page)
    page.clock.install()
    page.reload()
    left.evaluate("(one) => { one.dataset.left = String(2 * 3600 + 61 + performance.now() / 1000 + 31) }")
    page.clock.run_for(31_000)
    expect(left).to_have_text(re.compile(r"^2\shours, 1\sminute left\.$"))
    left.evaluate("(one) => { one.dataset.left = '0' }")
    page.clock.run_for(31_000)
    expect(left).to_have_text("It is over: load this page again.")
