"""The notice in the place of a removed repository: accessible, narrow and wide; its owner can contest it (E4)."""

import pytest
from playwright.sync_api import expect

from moderation.cases.actions import decide_directly

REASON = "The card sells a betting scheme, and says that losing is impossible."


@pytest.fixture
def removed(repository, moderator, clause):
    decide_directly(repository, kind="remove", clause=clause("gambling-plagiarism"), reason=REASON, actor=moderator)
    return repository


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["wide light", "narrow dark"])
def test_everybody_reads_that_it_was_removed_and_why(removed, visit, accessible, fits, width, dark):
    page = visit(None, width=width, dark=dark)
    page.goto(f"{removed.get_absolute_url()}/files")
    expect(page.get_by_role("heading", name="We removed this repository under our content policy.")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()
    accessible(page)
    fits(page)


def test_its_owner_goes_on_to_contest_it(removed, owner, visit, accessible):
    page = visit(owner)
    page.goto(removed.get_absolute_url())
    accessible(page)
    page.get_by_role("link", name="Read why, or contest it").click()
    expect(page.get_by_text(REASON).first).to_be_visible()
