"""A discussion as its people use it: writing, quoting, reacting, editing, hiding; by keyboard, small, in the dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.queries import system_actor
from community.actions import add_comment, hide, react, rename, set_locked, set_status
from community.models import Discussion
from community.pull_requests import open_pull_request
from repositories import git

PAGE = "/nok/tiny-model/discussions/1"


def comment_box(page: Page, text: str):
    """The comment that says `text`."""
    return page.locator(".comment", has_text=text)


def menu_of(page: Page, text: str):
    """The open menu of the comment that says `text`."""
    menu = comment_box(page, text).locator(".comment-tools details")
    menu.locator("summary").press("Enter")
    return menu


def test_discussion_from_its_beginning_to_a_hidden_comment(
    visit, repository, author, owner, moderator, reporter
) -> None:
    page = visit(author)
    page.goto("/nok/tiny-model/discussions")
    page.keyboard.press("c")
    page.get_by_label("Title").fill("It does not load")
    page.keyboard.press("Tab")
    page.keyboard.type("I get **nothing**, @nok.")
    page.get_by_role("button", name="Preview").press("Enter")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("nothing")
    expect(preview.get_by_role("link", name="@nok")).to_have_attribute("href", "/nok")
    page.get_by_role("button", name="Write").press("Enter")
    expect(page.get_by_label("Your comment")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="It does not load")).to_be_visible()

    theirs = visit(owner)
    theirs.goto(PAGE)
    theirs.keyboard.press("r")
    theirs.keyboard.type("Let me see.")
    menu_of(theirs, "nothing").get_by_role("link", name="Quote").press("Enter")
    answer = theirs.get_by_label("Your comment")
    expect(answer).to_have_value("Let me see.\n\n> I get **nothing**, @nok.\n\n@quentin ")
    expect(answer).to_be_focused()
    theirs.keyboard.type("which version?")
    theirs.keyboard.press("Control+Enter")
    expect(comment_box(theirs, "which version?").locator("blockquote")).to_have_text("I get nothing, @nok.")

    page.goto(PAGE)
    answered = comment_box(page, "which version?")
    answered.locator(".react summary").press("Enter")
    answered.get_by_role("button", name="heart").press("Enter")
    pressed = answered.get_by_role("button", name="1 person: heart. Take yours back")
    expect(pressed).to_be_focused()
    expect(pressed).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(answered.get_by_role("button", name="0 people: heart. Add yours")).to_be_focused()

    page.get_by_label("Your comment").fill("Version 2. Buy my course at course.example!")
    page.get_by_role("button", name="Comment", exact=True).press("Enter")
    menu_of(page, "course.example").get_by_role("link", name="Edit").press("Enter")
    page.get_by_label("Your comment").fill("Buy my course at course.example, really!")
    page.get_by_role("button", name="Save").press("Enter")
    expect(comment_box(page, "really!")).to_contain_text("edited")

    theirs.goto(PAGE)
    menu = menu_of(theirs, "really!")
    menu.get_by_label("Hide it from everybody: why?").select_option("spam")
    menu.get_by_role("button", name="Hide it").press("Enter")
    expect(theirs.get_by_text("This comment is hidden: spam. The owner side hid it.")).to_be_visible()
    page.goto(PAGE)
    expect(page.get_by_text("This comment is hidden: spam")).to_be_visible()
    assert "course.example" not in page.content()

    team = visit(moderator)
    team.goto(PAGE)
    menu_of(team, "This comment is hidden").get_by_role("link", name="Versions").press("Enter")
    expect(team.get_by_role("heading", name="Version 2")).to_be_visible()
    expect(team.locator(".diff .new")).to_contain_text("really!")
    team.go_back()
    menu_of(team, "This comment is hidden").get_by_role("button", name="Show it again").press("Enter")
    expect(comment_box(team, "really!")).to_be_visible()


def test_only_selected_lines_are_quoted(visit, discussion, author, owner) -> None:
    add_comment(discussion, text="First **line**.\n\nSecond line.", actor=author)
    page = visit(owner)
    page.goto(PAGE)
    page.locator(".comment .prose p", has_text="First").click(click_count=3)
    comment_box(page, "First").locator(".comment-tools details summary").click()
    comment_box(page, "First").get_by_role("link", name="Quote").click()
    expect(page.get_by_label("Your comment")).to_have_value("> First **line**.\n\n@quentin ")


def test_link_to_a_comment_is_copied(visit, comment, owner) -> None:
    page = visit(owner)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(PAGE)
    menu = menu_of(page, "idiots")
    menu.get_by_role("link", name="Copy the link").press("Enter")
    expect(menu.get_by_role("link", name="Copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator(".comment:target")).to_contain_text("idiots")


def test_what_is_missing_is_shown_after_a_preview(visit, discussion, owner) -> None:
    page = visit(owner)
    page.goto(PAGE)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text("This field is required.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_label("Your comment")).to_be_focused()


def test_keys_are_listed(visit, discussion, owner) -> None:
    page = visit(owner)
    page.goto(PAGE)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Send what you write")
    expect(page.get_by_role("dialog")).to_contain_text(re.compile(r"r\s*Write"))


def test_without_javascript(browser, site, visit, comment, owner) -> None:
    cookies = visit(owner).context.cookies()
    context = browser.new_context(base_url=site, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(PAGE)
    comment_box(page, "idiots").locator(".comment-tools summary").click()
    comment_box(page, "idiots").get_by_role("link", name="Quote").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("blockquote")).to_contain_text("idiots")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment")).to_have_count(3)
    page.locator(".comment").nth(2).locator(".react summary").click()
    page.locator(".comment").nth(2).get_by_role("button", name="rocket").click()
    expect(page.locator(".comment").nth(2).get_by_role("button", name="1 person: rocket")).to_be_visible()
    context.close()


@pytest.fixture
def everything(repository, discussion, comment, author, owner, reporter, moderator):
    """A discussion with each kind of thing that a page of one can show; addresses of its pages."""
    rename(discussion, "A title that is long: " + "Donaudampfschifffahrtsgesellschaft" * 3, actor=owner)
    add_comment(
        discussion, text=f"> {comment.text}\n\n```\n{'x' * 200}\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |", actor=reporter
    )
    react(comment, "heart", actor=owner)
    hide(add_comment(discussion, text="Spam.", actor=author), category="spam", actor=owner)
    locked = Discussion.objects.create(repository=repository, number=9, title="Locked", author=author)
    set_locked(locked, True, actor=system_actor(), reason="heated")
    closed = Discussion.objects.create(repository=repository, number=8, title="Closed", author=author)
    set_status(closed, "closed", actor=author)
    change = git.Put("notes.md", git.store_bytes(repository, b"Notes.\n").oid)
    proposed = open_pull_request(repository, [change], title="Notes", text="Please.", actor=author)
    own = f"{PAGE}/comments/{comment.public_id}"
    pages = [PAGE, closed.get_absolute_url(), locked.get_absolute_url(), proposed.get_absolute_url()]
    return {
        "nobody": pages,
        "author": [*pages, f"{own}/edit", "/nok/tiny-model/discussions/new"],
        "owner": pages,
        "moderator": [*pages, f"{own}/versions"],
    }


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["wide light", "narrow dark"])
@pytest.mark.parametrize("role", ["nobody", "author", "owner", "moderator"])
def test_pages_are_accessible_and_fit(role, width, dark, everything, request, visit, accessible, fits) -> None:
    page = visit(None if role == "nobody" else request.getfixturevalue(role), width=width, dark=dark)
    for address in everything[role]:
        page.goto(address)
        for summary in page.locator(".discussion-tools > details:not(.menu) > summary").all():
            summary.click()
        accessible(page)
        fits(page)


@pytest.mark.parametrize("dark", [False, True])
def test_menus_are_accessible_and_stay_inside_a_phone(visit, comment, owner, dark) -> None:
    page = visit(owner, width=320, dark=dark)
    page.goto(PAGE)
    for summary in (".comment-tools details", ".react"):
        menu = comment_box(page, "idiots").locator(summary)
        menu.locator("summary").press("Enter")
        box = menu.locator("> div").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        # Of the menu alone: it lies over other things, which are no easy targets meanwhile.
        found = Axe().run(page, context=f".comment:nth-of-type(2) {summary}[open] > div")
        assert found.violations_count == 0, found.generate_report()
