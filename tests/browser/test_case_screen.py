"""The case on one screen: what a decision needs is in sight without scrolling at 1440×900 (A9)."""

import pytest
from playwright.sync_api import expect

from classifiers.text import LabelScore
from moderation.cases.actions import MeasureOrder, claim, decide, receive_report
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.scoring.actions import revision_of, save_scores
from moderation.subjects.models import Snapshot
from tests.cases.conftest import PROVENANCE

CARD = (
    "---\nlicense: openrail\nbase_model: meta/llama\ndatasets: [nok/corpus]\n---\n# Tiny\n\n" + "A line of it.\n\n" * 80
)
QUESTIONS = (
    "Where does it come from?",
    "How do its developers handle it?",
    "Who is in it, and did they agree?",
    "How far does it reach?",
)


@pytest.fixture
def case(make_repository, reporter, make_user) -> Case:
    """A repository with a long card, reported and scored."""
    repository = make_repository(card=CARD)
    for person in (reporter, make_user("ada"), make_user("ben")):
        receive_report(repository, clause=Clause.objects.get(code="weapons"), text="It tells how. " * 20, actor=person)
    case = Case.objects.get()
    snapshot = Snapshot.objects.get()
    labels = [LabelScore(label, 0.2, 0.5, 0.8, 0, 0) for label in ("toxicity", "hate", "spam")]
    save_scores([snapshot], [labels], revision=revision_of(PROVENANCE), milliseconds=1.5)
    return case


def test_what_a_decision_needs_is_in_sight(visit, moderator, case, accessible):
    claim(case, actor=moderator)
    page = visit(moderator)
    page.goto(case.get_absolute_url())
    for question in QUESTIONS:
        expect(page.get_by_role("heading", name=question)).to_be_in_viewport(ratio=1)
    for name in ("As reported", "What the classifiers say", "Reports"):
        expect(page.get_by_role("heading", name=name, exact=False).first).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("group", name="The text", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Decide", exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Statement of reasons")).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0
    # The columns scroll: nothing hidden in them makes the page longer than to the end of its footer.
    end = page.locator("footer").last.evaluate("one => one.getBoundingClientRect().bottom")
    assert page.evaluate("document.scrollingElement.scrollHeight") <= end + 1
    accessible(page)


def test_the_second_moderator_confirms(visit, moderator, other_moderator, case, accessible):
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=case.clause,
        measures=[MeasureOrder("disable")], explanation="It tells how to build one.",
    )  # fmt: skip
    page = visit(other_moderator)
    page.goto(case.get_absolute_url())
    expect(page.get_by_role("heading", name="A second pair of eyes")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Decline")).to_be_in_viewport(ratio=1)
    accessible(page)
    page.keyboard.press("w")
    page.keyboard.type("I agree with it.")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Confirmed. It is in force now")).to_be_visible()


def test_comfort_is_chosen_by_keys(visit, moderator, accessible, fits):
    page = visit(moderator, width=320)
    page.goto("/cases/comfort")
    accessible(page)
    fits(page)
    page.get_by_label("Suggest a pause after").focus()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. It holds from the next case on.")).to_be_visible()
