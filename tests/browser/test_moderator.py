"""A moderator's hour with the hands on the keyboard: claim, read, decide, find, leave (D4)."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from community.actions import add_comment
from moderation.cases.actions import claim, receive_report
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause
from tests.processes import wait_until


@pytest.fixture
def cases(discussion, author, reporter) -> list[Case]:
    """Three cases about comments of one author."""
    for number in range(3):
        comment = add_comment(discussion, text=f"Idiot number {number}!", actor=author)
        receive_report(comment, clause=Clause.objects.get(code="harassment"), text="Rude.", actor=reporter)
    return list(Case.objects.order_by("pk"))


WORDS = "You called people idiots; please read our code of conduct."


def decide_by_keys(page: Page) -> None:
    page.keyboard.press("d")
    expect(page.locator("#decide")).to_be_focused()
    page.keyboard.press("v")
    measure = page.locator("#decide label").filter(has_text=re.compile("Friendly warning"))
    page.keyboard.press(measure.locator("kbd").inner_text())
    page.keyboard.press("w")
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("In force now: friendly warning")).to_be_visible()


def test_an_hour_by_keys_alone(visit, moderator, cases):
    page = visit(moderator)
    page.goto("/cases")
    page.keyboard.press("?")
    keys = page.locator("#keys")
    for words in (
        "Next and previous row",
        "Select the row",
        "Claim the next case",
        "Go to the queue",
        "Search the cases",
    ):
        expect(keys).to_contain_text(words)
    page.keyboard.press("Escape")

    # The second row is opened, claimed, read and decided.
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("tr[data-row]").nth(1).get_attribute("id").removeprefix("case-")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{second}")
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Give back")).to_be_visible()
    decide_by_keys(page)
    assert Decision.objects.get().case.public_id.hex == second.replace("-", "")

    # The next one comes by a key too; a pair of keys leads back to the queue.
    page.keyboard.press("c")
    page.wait_for_url(re.compile(rf"/cases/(?!{second})[0-9a-f-]{{36}}$"))
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/cases?lane=mine")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Words")).to_be_focused()
    page.keyboard.type("gqx?")
    expect(page.get_by_role("searchbox", name="Words")).to_have_value("gqx?")


def test_the_palette_finds_and_does(visit, moderator, cases):
    page = visit(moderator)
    page.goto("/cases")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find cases")
    expect(field).to_be_focused()
    chosen = page.locator("#palette").get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    page.keyboard.type("refresh")
    expect(chosen).to_have_text(re.compile("Refresh the list"))
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.evaluate("document.querySelector('#list').dataset.old = 'yes'")
    page.keyboard.press("Enter")
    expect(page.locator("#list:not([data-old])")).to_be_visible()
    expect(field).to_be_hidden()

    page.keyboard.press("Control+k")
    page.keyboard.type("@quen")
    person = page.get_by_role("option").filter(has_text=re.compile(r"^\s*quentin"))
    expect(person).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(person).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/people/**")
    page.keyboard.press("Control+k")
    page.keyboard.type(str(cases[0].public_id)[:13])
    expect(page.get_by_role("option").filter(has_text="Harassment and bullying")).to_have_count(1)
    expect(page.locator("#palette [role=status]")).to_have_text("1 result")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{cases[0].get_absolute_url()}")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_leaving_gives_the_case_back_unless_something_was_written(visit, moderator, cases):
    case = cases[0]

    def held() -> bool:
        case.refresh_from_db()
        return case.assignee == moderator and case.lease_until > timezone.now()

    claim(case, actor=moderator)
    page = visit(moderator)
    page.goto(case.get_absolute_url())
    page.reload()
    # Chromium tells the page of no reload from outside of it: the case was given back, and is taken again at once.
    with page.expect_response("**/claim"):
        page.wait_for_load_state()
    assert held()
    page.get_by_label("Statement of reasons").fill("I am not done.")
    page.keyboard.press("Escape")
    page.goto("/cases")
    page.wait_for_timeout(500)
    assert held()
    page.goto(case.get_absolute_url())
    other = page.context.new_page()
    other.goto(case.get_absolute_url())
    other.goto("/cases")
    page.wait_for_timeout(500)
    assert held(), "the other page of the case is still open"
    page.get_by_role("link", name="Queue", exact=True).last.click()
    wait_until(lambda: not held(), why="the case to be given back")
    page.go_back()
    expect(page.locator("#claim")).to_contain_text(re.compile("free|yours"))


def test_a_stale_decision_says_what_changed_and_keeps_the_words(visit, moderator, cases, make_user):
    case = claim(cases[0], actor=moderator)
    page = visit(moderator)
    page.goto(case.get_absolute_url())
    receive_report(
        case.subject.target, clause=Clause.objects.get(code="harassment"), text="Me too.", actor=make_user("second")
    )
    page.keyboard.press("n")
    page.keyboard.press("w")
    page.keyboard.type(WORDS)
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_text("This case changed while you were looking at it.")).to_be_visible()
    expect(page.get_by_label("Statement of reasons")).to_have_value(WORDS)
    page.get_by_label("I have looked at what changed").check()
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_text("Decided: no violation.")).to_be_visible()
