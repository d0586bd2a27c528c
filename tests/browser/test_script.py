"""What static/js/ombud.js adds to pages; without it everything here works with links and buttons."""

import pytest
from playwright.sync_api import expect

from accounts.actions import write_to


@pytest.fixture
def letters(owner, moderator):
    return [
        write_to(owner, key=str(number), subject=f"Letter {number}", body="…", actor=moderator) for number in range(3)
    ]


def test_keys_move_through_rows_and_open_one(visit, owner, letters):
    page = visit(owner)
    page.goto("/inbox")
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Letter 1")).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url("**/inbox")


def test_keys_are_listed_and_can_be_switched_off(visit, owner, letters):
    page = visit(owner)
    page.goto("/inbox")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next and previous row")
    page.get_by_label("Use single keys in this browser").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(0)).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_letters_typed_into_a_field_are_no_keys(visit, owner, letters):
    page = visit(owner)
    page.goto("/inbox")
    page.keyboard.press("/")
    search = page.get_by_label("Search repositories")
    expect(search).to_be_focused()
    page.keyboard.type("j?k")
    expect(search).to_have_value("j?k")


def test_menu_closes_with_escape_and_by_a_click_elsewhere(visit, owner):
    page = visit(owner)
    page.goto("/inbox")
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_form_is_sent_once_with_its_button(visit, owner):
    page = visit(owner)
    page.goto("/settings/tokens")
    page.get_by_label("What is it for?").fill("my script")
    page.get_by_role("button", name="Create the token").dblclick()
    expect(page.locator("#secret")).to_contain_text("omb_")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_language_switch_sends_the_pressed_button(visit, owner):
    page = visit(owner)
    page.goto("/inbox")
    page.get_by_role("button", name="ภาษาไทย").click()
    expect(page.locator("html")).to_have_attribute("lang", "th")


@pytest.mark.parametrize("dark", [False, True])
def test_pages_of_an_account_are_accessible_and_fit_a_phone(visit, owner, letters, accessible, fits, dark):
    page = visit(owner, width=320, dark=dark)
    for path in ["/inbox", "/settings/profile", "/settings/tokens", "/accounts/email/", "/nok"]:
        page.goto(path)
        accessible(page)
        fits(page)
