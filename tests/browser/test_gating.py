"""A gated repository as its people live it: the conditions, the request, the decision by keyboard, the files."""

import re

import pytest
from playwright.sync_api import expect

from repositories.actions.conditions import set_conditions
from repositories.actions.gating import ask_access, handle
from repositories.gating import Field
from repositories.models import AccessRequest
from tests.repositories.gating import ANSWERS, CARD


@pytest.fixture
def gated(make_repository):
    return make_repository("voices", card=CARD, gating="manual")


def test_asked_by_form_accepted_by_keyboard_and_the_files_open(visit, gated, reporter, owner) -> None:
    page = visit()
    page.goto("/nok/voices/files")
    page.get_by_role("link", name="Sign in and go on").click()
    page.fill("input[name=login]", reporter.username)
    page.fill("input[name=password]", "a long test password")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/nok/voices/ask-access")
    page.get_by_label("Why do you need it?").fill("To study voices.")
    page.get_by_label("Country").select_option(label="Thailand")
    page.get_by_label("When will you begin").fill("2026-12-01")
    page.get_by_label("I want it for").select_option("Research")
    page.get_by_label("I do no harm").check()
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_text("The owner has your request.")).to_be_visible()

    desk = visit(owner)
    desk.goto("/nok/voices")
    desk.locator(".tabs").get_by_role("link", name="Access requests").press("Enter")
    expect(desk.get_by_text("To study voices.")).to_be_visible()
    desk.keyboard.press("j")
    expect(desk.locator("[data-row]:focus")).to_contain_text("iris")
    accept = desk.get_by_role("button", name="Accept iris")
    for _step in range(6):
        desk.keyboard.press("Tab")
        if accept.evaluate("one => one === document.activeElement"):
            break
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("We told 1 person what you decided.")).to_be_visible()
    assert AccessRequest.objects.get().status == "accepted"

    page.goto("/nok/voices/files")
    expect(page.get_by_role("link", name="README.md", exact=True)).to_be_visible()


def test_rejected_with_a_reason_from_the_row(visit, gated, reporter, owner) -> None:
    ask_access(gated, ANSWERS, actor=reporter)
    desk = visit(owner, width=320)
    desk.goto("/nok/voices/settings/requests")
    row = desk.locator("[data-row]")
    row.locator("summary").filter(has_text="Reject").press("Enter")
    row.get_by_label(re.compile("Reason")).fill("Please say for which study.")
    row.get_by_role("button", name="Reject iris").click()
    expect(desk.get_by_text("We told 1 person what you decided.")).to_be_visible()
    assert AccessRequest.objects.get().reason == "Please say for which study."


def test_questions_are_edited_without_script(site, browser, gated, owner, visit) -> None:
    cookies = visit(owner).context.cookies()
    context = browser.new_context(base_url=site, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/nok/voices/settings/access")
    page.get_by_role("button", name="Add a question").click()
    last = page.locator("fieldset.panel").last
    last.get_by_label("Question", exact=True).fill("Which paper?")
    page.locator("fieldset.panel").first.get_by_label("Leave this question out").check()
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("section", has=page.get_by_role("heading", name="Preview: not saved yet"))
    expect(preview.get_by_label("Which paper?")).to_be_visible()
    expect(preview.get_by_label("Why do you need it?")).to_have_count(0)
    page.get_by_label("Heading").press("Enter")
    expect(page.get_by_text("We saved your conditions.")).to_be_visible()
    labels = [field["label"] for field in gated.conditions.fields]
    assert labels[-1] == "Which paper?"
    assert "Why do you need it?" not in labels
    context.close()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["wide light", "narrow dark"])
def test_pages_are_accessible_and_fit(
    visit, gated, make_repository, make_user, reporter, author, owner, accessible, fits, width, dark
) -> None:
    words = "A long sentence of an answer that needs more than one line on a small screen. " * 3
    for number in range(4):
        ask_access(gated, {**ANSWERS, "Why do you need it?": words}, actor=make_user(f"person-with-long-name-{number}"))
    handle(ask_access(gated, ANSWERS, actor=author), "rejected", reason="No.", actor=owner)
    set_conditions(
        make_repository("open", gating="auto"), text="Be kind.", fields=[Field("Country", "country")], actor=owner
    )
    pages = {
        None: ["/nok/voices", "/nok/voices/files", "/nok/voices/ask-access"],
        reporter: ["/nok/voices", "/nok/voices/files", "/nok/voices/ask-access", "/nok/open/ask-access"],
        author: ["/nok/voices", "/nok/voices/ask-access", "/settings/access"],
        owner: [
            "/nok/voices",
            "/nok/voices/settings",
            "/nok/voices/settings/access",
            "/nok/voices/settings/requests",
            "/nok/voices/settings/requests?status=rejected",
            "/settings/access",
        ],
    }
    for person, addresses in pages.items():
        page = visit(person, width=width, dark=dark)
        for address in addresses:
            page.goto(address)
            for closed in page.locator("#access details, [data-row] details").all():
                closed.locator("summary").first.click()
                accessible(page)
                fits(page)
            accessible(page)
            fits(page)
