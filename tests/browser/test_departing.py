"""What a moderator sees who may not decide, or decides otherwise than similar cases were: at any width (D6)."""

import math

import numpy
import pytest
from django.db import transaction
from playwright.sync_api import expect

from classifiers.text import Reading
from community.actions import add_comment, open_discussion
from moderation.cases.actions import decide, invite, receive_report
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.scoring.actions import revision_of, save_embeddings
from moderation.subjects.models import Snapshot
from tests.cases.conftest import PROVENANCE


def embed(case: Case, degrees: float) -> None:
    angle = math.radians(degrees)
    vector = numpy.array([math.cos(angle), math.sin(angle), 0, 0], dtype="float32")
    snapshots = list(Snapshot.objects.filter(reports__case_report__case=case).distinct())
    with transaction.atomic():
        save_embeddings(snapshots, [Reading([], vector)] * len(snapshots), revision=revision_of(PROVENANCE))


@pytest.fixture
def cases(discussion, author, reporter, moderator, make_user) -> list[Case]:
    """Two open cases; very similar ones of one were found to be no violation. The other has a party."""
    clause, found = Clause.objects.get(code="harassment"), []
    for number in range(5):
        comment = add_comment(discussion, text=f"Idiot number {number}!", actor=author)
        report = receive_report(comment, clause=clause, text="He insults everybody here.", actor=reporter)
        case = Case.objects.get(case_reports__report=report)
        embed(case, 90 if number == 4 else number)
        found.append(case)
    words = "Only a figure of speech."
    for case in found[:3]:
        decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=words)
    invite(found[4], role="depicted", person=make_user("lena"), actor=moderator)
    for case in found[3:]:
        case.refresh_from_db()
    return found[3:]


@pytest.mark.parametrize("width", [1440, 320])
def test_deciding_together_otherwise_than_similar_ones(visit, site, moderator, cases, accessible, fits, width):
    page = visit(moderator, width=width)
    page.goto(f"{site}/cases/bulk?" + "&".join(f"case={one.public_id}:{one.version}" for one in cases))
    page.locator("input[name=outcome][value=violation]").check()
    page.locator("input[name=measures][value=friendly_warning]").check()
    page.get_by_label("Statement of reasons").fill("You insulted people who had asked you to stop.")
    page.get_by_role("button", name="Show the effects").click()
    expect(page.get_by_text("1 case would be decided otherwise than very similar ones were.")).to_be_visible()
    expect(page.get_by_text("A letter with the outcome goes to: depicted person (lena).")).to_be_visible()
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Decide 2 cases").click()
    assert Case.objects.filter(state="open").count() == 2
    page.get_by_label("I know, and my words say why these are different").check()
    page.get_by_role("button", name="Decide 2 cases").click()
    expect(page.get_by_text("Decided: 2 cases.")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 320])
def test_the_page_says_why_somebody_else_decides(
    visit, site, moderator, make_repository, author, reporter, accessible, fits, width
):
    discussion = open_discussion(make_repository("mine", owner=moderator), title="Read", text="Idiots.", actor=author)
    receive_report(discussion, clause=Clause.objects.get(code="spam"), text="It advertises.", actor=reporter)
    page = visit(moderator, width=width)
    page.goto(f"{site}{Case.objects.get().get_absolute_url()}")
    reason = "This lies in a repository of yours, or of your organization."
    expect(page.locator("#decide").get_by_text(reason)).to_be_visible()
    expect(page.get_by_role("button", name="Claim")).to_have_count(0)
    accessible(page)
    fits(page)
