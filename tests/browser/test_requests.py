"""A request to the owner as its people live it: asked for documentation, done in 40 hours, no measure (D2, E1)."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from moderation.cases.conditions import check_conditions
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case
from moderation.sanctions.models import Measure

WORDS = "It repeats insults from its data. Say in the card what can go wrong."
RISKS = "\n## Risks\n\nIt repeats insults that stand in the data it learned from. Filter what it says.\n"


def inbox(page: Page) -> list[str]:
    """The subjects of the messages of whoever is signed in, newest first."""
    page.goto("/inbox")
    return [text.strip() for text in page.locator(".letter .subject").all_inner_texts()]


def test_asked_for_documentation_and_done_in_forty_hours(
    visit, repository, owner, reporter, moderator, pass_time, accessible, fits
) -> None:
    theirs = visit(reporter)
    theirs.goto(f"/report/repository/{repository.public_id}?clause=toxic-speech-artifacts")
    theirs.get_by_label("Why do you think so?").fill("It insults whoever talks to it, and the card does not say so.")
    theirs.get_by_role("button", name=re.compile("Send")).click()
    expect(theirs.get_by_role("heading", name="We have your report")).to_be_visible()
    case = Case.objects.get()
    before = inbox(theirs)

    desk = visit(moderator)
    desk.goto(f"/cases/{case.public_id}")
    desk.get_by_text("Ask the owner to document it, gate it or make it private").click()
    desk.get_by_label("ask the owner to document it").check()
    desk.locator("#RequestForm_text").fill(WORDS)
    accessible(desk)
    desk.locator(".asked").get_by_role("button", name="Ask the owner").click()
    expect(desk.get_by_text("Asked. The case waits for the owner")).to_be_visible()
    desk.goto("/cases")
    expect(desk.locator("[data-row]")).to_have_count(0)

    own = visit(owner, width=320)
    assert inbox(own) == [f"A request about {repository}"]
    assert (inbox(theirs), inbox(desk)) == (before, [])
    own.goto(repository.get_absolute_url())
    expect(own.get_by_role("heading", name="What our team asks of you")).to_be_visible()
    accessible(own)
    fits(own)

    pass_time(timedelta(hours=40))
    own.get_by_role("link", name="Do it").click()
    card = own.locator("textarea").first
    card.fill(card.input_value() + RISKS)
    own.locator("main form button[type=submit]").last.click()
    own.wait_for_url(f"**{repository.get_absolute_url()}")
    check_conditions()
    own.reload()
    expect(own.locator("#asked + ul").get_by_text("done", exact=True)).to_be_visible()
    assert (inbox(own), inbox(theirs), inbox(desk)) == ([f"A request about {repository}"], before, [])

    desk.goto("/cases")
    expect(desk.locator("[data-row]")).to_contain_text("the owner did it")
    desk.goto(f"/cases/{case.public_id}")
    expect(desk.get_by_text("The owner did what we asked for.")).to_be_visible()
    desk.keyboard.press("c")
    desk.locator("input[name=outcome][value=no_violation]").check()
    desk.get_by_label("Statement of reasons").fill("The card now says what can go wrong, and for whom.")
    desk.locator(".decide-form").get_by_role("button", name="Decide", exact=True).click()
    expect(desk.get_by_role("heading", name="The decision")).to_be_visible()

    assert not Measure.objects.exclude(kind="request_documentation").exists()
    assert not repository.restrictions.exists()
    assert inbox(own) == [f"We decided about {repository}", f"A request about {repository}"]
    assert inbox(theirs) == ["What became of your report", *before]
    assert inbox(desk) == []
    # The time that it had is over later, and nothing follows from that.
    pass_time(timedelta(hours=40))
    act_on_deadlines()
    assert len(inbox(own)) == 2
    own.goto(repository.get_absolute_url())
    expect(own.get_by_role("heading", name="What our team asks of you")).to_have_count(0)
