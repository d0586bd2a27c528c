"""The main job as its people live it: reported, decided in the queue by keyboard, enforced, explained, contested."""

import re

from playwright.sync_api import expect

from moderation.automation.pipeline import score_pending
from moderation.cases.models import Case, Decision
from moderation.reports.models import Report

WORDS = "You called people idiots and told them to shut up. Please do not do that here."


def fill_report(page, comment, why="He insults everybody who asks.") -> None:
    page.goto(comment.discussion.get_absolute_url())
    page.locator(f"#comment-{comment.public_id}").get_by_role("link", name=re.compile("Report")).click()
    page.get_by_role("link", name=re.compile("It hurts, threatens or insults people")).click()
    page.get_by_role("link", name=re.compile("Somebody insults, threatens or follows somebody")).click()
    page.get_by_label("Why do you think so?").fill(why)


def report(page, comment, why="He insults everybody who asks.") -> None:
    fill_report(page, comment, why)
    page.get_by_role("button", name=re.compile("Send")).click()


def test_from_report_to_appeal(visit, comment, author, reporter, moderator, other_moderator) -> None:
    page = visit(reporter)
    report(page, comment)
    expect(page.get_by_role("heading", name="We have your report")).to_be_visible()
    assert score_pending() == 1

    desk = visit(moderator)
    desk.goto("/cases")
    expect(desk.locator("[data-row]").first).to_contain_text("Harassment")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/cases/*-*")
    desk.keyboard.press("c")
    expect(desk.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    desk.locator("input[name=outcome][value=violation]").check()
    desk.get_by_label(re.compile("No posting in community tabs for a time", re.IGNORECASE)).check()
    desk.get_by_label("Statement of reasons").fill(WORDS)
    desk.get_by_label("Statement of reasons").press("Tab")
    desk.locator(".decide-form button.primary").click()
    expect(desk.get_by_role("heading", name="The decision")).to_be_visible()
    decision = Decision.objects.get()
    assert (decision.outcome, decision.actor.username) == ("violation", "mira")

    theirs = visit(author)
    theirs.goto(comment.discussion.get_absolute_url())
    expect(theirs.get_by_text(re.compile("You can post again on"))).to_be_visible()
    expect(theirs.locator("textarea")).to_have_count(0)
    theirs.goto("/inbox")
    theirs.get_by_role("link", name=re.compile("Our decision about")).click()
    expect(theirs.get_by_text("You called people idiots")).to_be_visible()
    expect(theirs.get_by_text(reporter.username)).to_have_count(0)
    theirs.get_by_role("link", name="Contest this decision").click()
    theirs.locator("textarea[name=text]").fill("It was a quotation from a film that we had talked about before.")
    theirs.locator("main button[type=submit]").click()
    assert Case.objects.filter(kind="appeal", state="open").count() == 1
    page.goto("/reports")
    expect(page.get_by_text("we agreed")).to_be_visible()

    second = visit(other_moderator)
    second.goto(f"/cases/{Case.objects.get(kind='appeal').public_id}")
    second.get_by_label(re.compile("we were wrong|lift", re.IGNORECASE)).first.check()
    second.get_by_label("Your words to the person").fill("We looked again: it was only a quotation.")
    second.get_by_role("button", name="Answer the appeal").click()
    theirs.goto(comment.discussion.get_absolute_url())
    expect(theirs.get_by_text(re.compile("You can post again on"))).to_have_count(0)
    expect(theirs.locator("textarea")).to_have_count(1)

    page.goto("/reports")
    expect(page.get_by_text("we did not agree")).to_be_visible()


def test_a_double_click_is_one_report_and_a_second_form_says_so(visit, comment, reporter) -> None:
    page = visit(reporter)
    fill_report(page, comment)
    page.get_by_role("button", name=re.compile("Send")).dblclick()
    expect(page.get_by_role("heading", name="We have your report")).to_be_visible()
    report(page, comment)
    expect(page.get_by_text(re.compile("You reported this for the same reason before"))).to_be_visible()
    assert Report.objects.count() == 1


def test_two_moderators_collide_and_the_second_learns_who_and_what(
    visit, comment, reporter, moderator, other_moderator
) -> None:
    report(visit(reporter), comment)
    case = Case.objects.get()
    first, second = visit(moderator), visit(other_moderator)
    first.goto(f"/cases/{case.public_id}")
    first.keyboard.press("c")
    expect(first.locator(".decide-form")).to_be_visible()
    second.goto(f"/cases/{case.public_id}")
    expect(second.locator("#decide").get_by_text("mira is working on this case")).to_be_visible()
    expect(second.locator(".decide-form")).to_have_count(0)

    report(visit(reporter), comment.discussion.comments.first(), "This one too.")
    first.locator("input[name=outcome][value=no_violation]").check()
    first.get_by_label("Statement of reasons").fill("Blunt, but about the code and not the person.")
    first.locator(".decide-form button.primary").click()
    expect(first.get_by_role("heading", name="The decision")).to_be_visible()
    second.reload()
    expect(second.get_by_role("heading", name="The decision")).to_be_visible()
    expect(second.locator("#decide")).to_contain_text("mira")
