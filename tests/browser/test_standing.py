"""Your standing, as somebody upset opens it on a phone: fits, accessible, and a countdown that stays right (F5, J5)."""

import re

import pytest
from playwright.sync_api import expect

from tests.reports.steps import case_of, decided, reported


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone(dark, visit, comment, author, reporter, moderator, accessible, fits) -> None:
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban", "friendly_warning")
    page = visit(author, width=320, dark=dark)
    page.goto("/standing")
    left = page.locator("[data-left]")
    expect(left).to_have_text(re.compile(r"^(2\sdays|1\sday, 23\shours) left\.$"))
    expect(page.get_by_role("heading", name="Warnings")).to_be_visible()
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
