"""The dashboard in a browser: hands on the keyboard, and the place is never lost (D4)."""

import pytest
from playwright.sync_api import expect

from community.actions import add_comment
from moderation.cases.actions import claim, receive_report
from moderation.cases.models import Case
from moderation.policy.models import Clause


@pytest.fixture
def cases(discussion, author, reporter) -> list[Case]:
    """Enough cases to scroll."""
    clause = Clause.objects.get(code="harassment")
    for number in range(40):
        comment = add_comment(discussion, text=f"Idiot number {number}!", actor=author)
        receive_report(comment, clause=clause, text="Rude.", actor=reporter)
    return list(Case.objects.order_by("pk"))


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def test_refreshing_keeps_the_row_and_the_place(visit, moderator, cases):
    page = visit(moderator)
    page.goto("/cases")
    for _step in range(38):
        page.keyboard.press("j")
    row, place = focused(page), page.evaluate("scrollY")
    assert place > 0
    page.evaluate("document.querySelector('#list').dataset.old = 'yes'")
    page.keyboard.press("r")
    expect(page.locator("#list:not([data-old])")).to_be_visible()
    assert (focused(page), page.evaluate("scrollY")) == (row, place)


def test_news_gathers_and_moves_no_row(visit, moderator, make_user, cases):
    page = visit(moderator)
    page.goto("/cases")
    first = page.locator("tr[data-row]").first.get_attribute("id")
    last = cases[-1]
    receive_report(
        last.subject.target, clause=Clause.objects.get(code="hate-speech"), text="Rude.", actor=make_user("second")
    )
    banner = page.get_by_role("link", name="1 case is new or changed.")
    expect(banner).to_be_visible(timeout=20_000)
    assert page.locator("tr[data-row]").first.get_attribute("id") == first
    banner.click()
    expect(page.locator("tr[data-row]").first).to_have_id(f"case-{last.public_id}")


def test_a_case_is_decided_by_keys_alone(visit, moderator, author, case_of_comment):
    page = visit(moderator)
    page.goto("/cases")
    page.keyboard.press("c")
    page.wait_for_url(f"**{case_of_comment.get_absolute_url()}")
    expect(page.get_by_role("button", name="Decide")).to_be_in_viewport()
    page.keyboard.press("v")
    page.keyboard.press("1")
    page.keyboard.press("w")
    page.keyboard.type("You called people idiots; please read our code of conduct.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("In force now: friendly warning")).to_be_visible()


def test_the_text_folds_by_a_key_and_stays_so(visit, moderator, case_of_comment):
    claim(case_of_comment, actor=moderator)
    page = visit(moderator)
    page.goto(case_of_comment.get_absolute_url())
    text = page.get_by_role("group", name="The text", exact=True)
    expect(text).to_be_visible()
    page.keyboard.press("e")
    expect(text).to_be_hidden()
    page.reload()
    expect(text).to_be_hidden()


@pytest.fixture
def case_of_comment(comment, reporter) -> Case:
    clause = Clause.objects.get(code="harassment")
    receive_report(comment, clause=clause, text="He insults everybody here.", actor=reporter)
    return Case.objects.get()
