"""Other comments of the same author are looked for and chosen on the form; what was written is kept (C1)."""

import pytest
from playwright.sync_api import expect

from community.actions import open_discussion
from moderation.reports.models import Report


@pytest.fixture
def elsewhere(make_repository, author):
    return open_discussion(make_repository("far-away"), title="Elsewhere", text="Buy my ducks here.", actor=author)


@pytest.mark.parametrize("dark", [False, True])
def test_looked_for_chosen_and_sent(dark, visit, reporter, comment, elsewhere, accessible, fits):
    page = visit(reporter, width=320, dark=dark)
    page.goto(f"/report/comment/{comment.public_id}?clause=spam")
    page.get_by_label("Why do you think so?").fill("He sells ducks everywhere.")
    page.get_by_text("Report other comments of this person, too").click()
    page.get_by_label("Words in their comments").fill("ducks")
    page.get_by_label("Words in their comments").press("Enter")
    found = page.get_by_role("checkbox", name="Buy my ducks here.")
    found.check()
    expect(page.get_by_label("Why do you think so?")).to_have_value("He sells ducks everywhere.")
    accessible(page)
    fits(page)
    # Looking on keeps what was chosen.
    page.get_by_label("Words in their comments").fill("nothing like this")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("No comment of this person that you can read has")).to_be_visible()
    expect(found).to_be_checked()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("You reported one more comment of the same person in one go.")).to_be_visible()
    assert Report.objects.count() == 2
