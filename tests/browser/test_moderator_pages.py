"""The team's pages for everybody: screen readers, a phone, light and dark; and many cases at once (J5, D4)."""

import pytest
from playwright.sync_api import expect

from community.actions import add_comment
from moderation.appeals.actions import file_appeal
from moderation.cases.actions import claim, receive_report
from moderation.cases.models import Case
from moderation.policy.models import Clause
from tests.processes import wait_until
from tests.reports.steps import decided


@pytest.fixture
def cases(discussion, author, reporter) -> list[Case]:
    for number in range(3):
        comment = add_comment(discussion, text=f"Idiot number {number}!", actor=author)
        receive_report(comment, clause=Clause.objects.get(code="harassment"), text="Rude.", actor=reporter)
    return list(Case.objects.order_by("pk"))


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["light", "dark on a phone"])
def test_pages_are_accessible_and_fit(visit, moderator, cases, accessible, fits, width, dark):
    claim(cases[0], actor=moderator)
    page = visit(moderator, width=width, dark=dark)
    for path in ("/cases", cases[0].get_absolute_url()):
        page.goto(path)
        expect(page.locator("[data-live]")).to_be_visible()
        accessible(page)
        fits(page)
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        accessible(page)
        fits(page)
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        expect(page.locator("#palette").get_by_role("option", selected=True)).to_have_count(1)
        accessible(page)
        fits(page)
        page.keyboard.press("Escape")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["light", "dark on a phone"])
def test_the_other_pages_of_the_team_are_accessible_and_fit(
    visit, moderator, other_moderator, cases, author, accessible, fits, width, dark
):
    decision = decided(claim(cases[0], actor=moderator), moderator, "posting_ban")
    appeal = file_appeal(decision, text="I quoted somebody else.", actor=author)
    page = visit(other_moderator, width=width, dark=dark)
    together = "&".join(f"case={one.public_id}" for one in cases[1:])
    for path in (
        f"/cases/{appeal.case.public_id}/appeal",
        f"/cases/bulk?{together}",
        "/cases/flaggers",
        "/cases/templates",
        "/cases/views",
        "/cases/enter",
        f"/cases/people/{author.public_id}",
    ):
        page.goto(path)
        button = page.get_by_role("button", name="Find or do")
        expect(button).to_be_visible()
        accessible(page)
        fits(page)
        button.click()
        expect(page.locator("#palette")).to_be_visible()
        page.keyboard.press("Escape")


def test_an_appeal_is_claimed_by_a_key_and_given_back_on_leaving(visit, moderator, other_moderator, cases, author):
    decision = decided(claim(cases[0], actor=moderator), moderator, "posting_ban")
    appeal = file_appeal(decision, text="I quoted somebody else.", actor=author)
    page = visit(other_moderator)
    page.goto(f"/cases/{appeal.case.public_id}/appeal")
    expect(page.locator("[data-live]")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Give back")).to_be_visible()
    page.keyboard.press("q")
    page.wait_for_url("**/cases")
    wait_until(lambda: Case.objects.get(pk=appeal.case_id).assignee is None, why="the appeal to be free")


def test_the_comfort_page_is_in_the_menu_of_the_team(visit, moderator):
    page = visit(moderator)
    page.goto("/cases")
    page.locator(".site-tools details.menu > summary").click()
    page.get_by_role("link", name="Your comfort").click()
    expect(page.get_by_role("heading", name="Your comfort")).to_be_visible()


def test_many_are_decided_at_once_and_undone(visit, moderator, cases):
    page = visit(moderator)
    page.goto("/cases")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("b")
    page.wait_for_url("**/cases/bulk?**")
    page.keyboard.press("v")
    page.keyboard.press("1")
    page.keyboard.press("w")
    page.keyboard.type("You called people idiots; please read our code of conduct.")
    page.get_by_role("button", name="Decide 2 cases").click()
    expect(page.get_by_role("heading", name="Decided together")).to_be_visible()
    assert Case.objects.filter(state=Case.State.DECIDED).count() == 2
    page.locator("#undo textarea").fill("We mistook a quotation for an insult.")
    page.locator("h1").click()
    page.keyboard.press("u")
    expect(page.get_by_text("This was taken back")).to_be_visible()
    assert Case.objects.filter(state=Case.State.OPEN).count() == 3


def test_other_words_are_enough_after_words_that_gave_somebody_away(visit, moderator, reporter, cases, accessible):
    page = visit(moderator)
    page.goto("/cases/bulk?" + "&".join(f"case={one.public_id}" for one in cases[:2]))
    page.keyboard.press("v")
    page.keyboard.press("1")
    expect(page.get_by_text("A statement of reasons goes to:").first).to_be_visible()
    page.keyboard.press("w")
    page.keyboard.type(f"You called people idiots, {reporter.username} told us.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 cases stand in the way.")).to_be_visible()
    expect(page.get_by_role("button", name="Decide 0 cases")).to_be_disabled()
    accessible(page)
    page.keyboard.press("w")
    page.keyboard.press("Control+a")
    page.keyboard.type("You called people idiots.")
    page.get_by_role("button", name="Decide 2 cases").click()
    expect(page.get_by_role("heading", name="Decided together")).to_be_visible()
