"""An owner who is silent for 72 hours: downgraded, contested, lifted by another, trending again (D2, E3, G2)."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from moderation.cases.actions import ask_owner, receive_report
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case
from moderation.policy.models import Clause

QUESTION = "Does the card say that this dataset is full of insults, and what it is for?"
WORDS = "The card says nothing of the insults in this dataset."
WHY = "We asked, and nobody answered for three days."
THEIRS = "I was in hospital. The card says it now, and it is for research."
ANSWER = "The card says it all by now. We lifted it."


def letters(page: Page) -> list[str]:
    """The subjects in somebody's inbox, newest first, as they read them."""
    page.goto("/inbox")
    return [one.strip() for one in page.locator("main .letter .subject").all_inner_texts()]


def is_trending(page: Page, name: str) -> bool:
    page.goto("/datasets")
    return page.locator("main").get_by_text(name).count() > 0


def test_silent_downgraded_contested_lifted(
    visit, make_repository, owner, reporter, moderator, other_moderator, pass_time
) -> None:
    repository = make_repository("insults", kind="dataset")
    name = repository.name
    clause = Clause.objects.get(code="toxic-speech-artifacts")
    receive_report(repository, clause=clause, text="It is full of insults.", actor=reporter, confidential=True)
    case = Case.objects.get()
    ask_owner(case, text=QUESTION, actor=moderator)
    visitor, theirs, hers = visit(), visit(owner), visit(reporter)
    desk, second = visit(moderator), visit(other_moderator)

    def inboxes(*own: str, reported: tuple[str, ...] = ()) -> None:
        """Of the owner, whose page stays there, and of the reporter; moderators get no letter about it."""
        assert [letters(one) for one in (hers, desk, second, theirs)] == [[*reported], [], [], [*own]]

    asked = f"A question about {repository.full_name}"
    assert is_trending(visitor, name)
    inboxes(asked)

    # Before the time is over a downgrade has to wait; after it nobody has to be waited for.
    pass_time(timedelta(hours=71))
    desk.goto(case.get_absolute_url())
    expect(desk.get_by_text(re.compile("time to answer|Waits for", re.IGNORECASE)).first).to_be_visible()
    pass_time(timedelta(hours=1, minutes=1))
    assert act_on_deadlines() >= 1
    inboxes(asked)
    desk.goto(case.get_absolute_url())
    desk.locator("body").press("c")
    desk.locator("input[name=outcome][value=violation]").check()
    desk.locator("input[name=measures][value=downgrade]").check()
    desk.get_by_label("Statement of reasons").fill(WORDS)
    why = desk.locator("textarea[name=insufficient]")
    if not why.is_visible():
        desk.locator("details:has(textarea[name=insufficient]) > summary").click()
    why.fill(WHY)
    desk.locator(".decide-form").get_by_role("button", name="Decide", exact=True).click()
    expect(desk.get_by_role("heading", name="The decision")).to_be_visible()
    decided = f"Our decision about {repository.full_name}"
    assert not is_trending(visitor, name)
    assert visitor.goto(repository.get_absolute_url()).status == 200
    outcome = "What became of your report"
    inboxes(decided, asked, reported=(outcome,))

    # The owner contests it; nobody hears of it but the team, and whoever decided does not answer.
    theirs.get_by_role("link", name=decided).click()
    theirs.get_by_role("link", name="Contest this decision").click()
    theirs.locator("textarea[name=text]").fill(THEIRS)
    theirs.locator("main button[type=submit]").last.click()
    appeal = Case.objects.get(kind="appeal")
    theirs.goto("/standing")
    expect(theirs.get_by_text("Somebody of us who did not decide it looks at it.")).to_be_visible()
    inboxes(decided, asked, reported=(outcome,))
    assert not is_trending(visitor, name)
    desk.goto(appeal.get_absolute_url())
    expect(desk.get_by_role("button", name="Answer the appeal")).to_have_count(0)

    second.goto(appeal.get_absolute_url())
    second.get_by_label(re.compile("we were wrong|lift", re.IGNORECASE)).first.check()
    second.get_by_label("Your words to the person").fill(ANSWER)
    second.get_by_role("button", name="Answer the appeal").click()
    expect(second.get_by_text(ANSWER).first).to_be_visible()
    assert is_trending(visitor, name)
    inboxes("Our answer to your appeal", decided, asked, reported=("We looked again", outcome))
    theirs.get_by_role("link", name="Our answer to your appeal").click()
    expect(theirs.get_by_text(ANSWER)).to_be_visible()
    theirs.goto("/standing")
    expect(theirs.get_by_text("Nothing holds against you or what you own.")).to_be_visible()
    visitor.goto(f"{repository.get_absolute_url()}/moderation")
    expect(visitor.get_by_text("lifted", exact=True).first).to_be_visible()
