"""Two moderators at once, and the line on which their pages hear of each other (D4)."""

import signal

import pytest
from playwright.sync_api import Page, expect

from community.actions import add_comment
from moderation.cases.actions import claim, receive_report, release
from moderation.cases.models import Case
from moderation.policy.models import Clause

SOON = 6_000  # well before anybody would look without a line


@pytest.fixture
def file(discussion, author, reporter):
    """file("words"): a comment, and the case of its report."""

    def comment(text: str) -> Case:
        written = add_comment(discussion, text=text, actor=author)
        receive_report(written, clause=Clause.objects.get(code="harassment"), text="Rude.", actor=reporter)
        return Case.objects.latest("pk")

    return comment


def is_up(page: Page) -> None:
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "up", timeout=20_000)


def test_two_moderators_meet(events, visit, moderator, other_moderator, make_user, file):
    case, other = file("Idiot number one!"), file("Idiot number two!")
    mira, tomas = visit(moderator), visit(other_moderator)
    mira.goto(case.get_absolute_url())
    tomas.goto("/cases")
    is_up(mira)
    is_up(tomas)
    with_whom = tomas.locator(f"[data-with='{case.public_id}']")
    order = [row.get_attribute("id") for row in tomas.locator("tr[data-row]").all()]

    # Who takes a case is shown to the other in place, and no row moves.
    mira.keyboard.press("c")
    expect(with_whom).to_contain_text("mira", timeout=SOON)
    assert [row.get_attribute("id") for row in tomas.locator("tr[data-row]").all()] == order
    tomas.goto(case.get_absolute_url())
    expect(tomas.locator("#claim")).to_contain_text("mira has it until")
    expect(tomas.get_by_role("button", name="Decide", exact=True)).to_be_hidden()
    is_up(tomas)

    # The second is told when it is free, and the first when something happens to it.
    mira.get_by_role("button", name="Give back").click()
    expect(tomas.locator("#claim")).to_contain_text("free", timeout=SOON)
    tomas.keyboard.press("c")
    expect(tomas.locator("#claim")).to_contain_text("yours until")
    mira.goto(other.get_absolute_url())
    is_up(mira)
    claim(other, actor=other_moderator)
    expect(mira.locator("#claim")).to_contain_text("tomas has it until", timeout=SOON)
    release(other, actor=other_moderator)
    expect(mira.locator("#claim")).to_contain_text("free", timeout=SOON)
    worse = Clause.objects.get(code="hate-speech")
    place = mira.locator("#evidence").bounding_box()
    receive_report(other.subject.target, clause=worse, text="Worse.", actor=make_user("second"))
    news = mira.get_by_text("Something happened to this case since you opened the page.")
    expect(news).to_be_visible(timeout=SOON)
    assert mira.locator("#evidence").bounding_box() == place, "what the eye is on stays where it is"
    news.click()
    expect(mira.locator(".case-news")).to_contain_text("What you wrote stays here")
    assert mira.locator("#evidence").bounding_box() == place


def test_the_line_drops_and_comes_back(events, visit, moderator, file):
    file("Idiot number one!")
    page = visit(moderator)
    page.goto("/cases")
    is_up(page)
    row = page.locator("tr[data-row]").first
    place = row.bounding_box()
    file("Idiot number two!")
    banner = page.get_by_role("link", name="1 case is new or changed.")
    expect(banner).to_be_visible(timeout=SOON)
    assert row.bounding_box() == place, "what the eye is on stays where it is"
    banner.click()
    expect(page.locator("tr[data-row]")).to_have_count(2)

    events.stop(signal.SIGKILL)
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "lost")
    expect(page.locator("[data-live]")).to_have_text("reconnecting …")
    file("Idiot number three!")
    events.start()
    is_up(page)
    # What happened while nobody could say it is caught up.
    expect(banner).to_be_visible(timeout=SOON)

    # A process that is asked to stop ends its lines, and does not wait for them.
    assert events.stop() in (0, -signal.SIGTERM)
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "lost")


def test_without_a_line_pages_look_by_themselves(visit, moderator, file):
    file("Idiot number one!")
    page = visit(moderator)
    page.clock.install()
    page.goto("/cases")
    expect(page.locator("[data-live]")).to_have_text("looks every 15 seconds")
    file("Idiot number two!")
    page.clock.run_for(16_000)
    expect(page.get_by_role("link", name="1 case is new or changed.")).to_be_visible()
