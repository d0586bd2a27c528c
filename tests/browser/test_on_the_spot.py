"""Deciding where it happened, a warning with consequences, and choosing another name: as people see them (B3, F2)."""

import uuid

from playwright.sync_api import expect

from accounts.models import NameReset, User
from moderation.cases.actions import claim, decide_directly, receive_report
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure


def test_a_moderator_hides_a_comment_and_its_author_reads_why(
    visit, site, comment, moderator, author, accessible, fits
):
    page = visit(moderator)
    page.goto(f"{site}{comment.discussion.get_absolute_url()}")
    page.get_by_label("More about the comment of quentin").last.click()
    page.get_by_role("link", name="Hide it, by a decision").last.click()
    accessible(page)
    fits(page)
    page.get_by_label("Clause it breaks").select_option("harassment")
    page.get_by_label("Statement of reasons").fill("You called people idiots instead of answering them.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Whoever wrote it hears why")).to_be_visible()
    theirs = visit(author)
    theirs.goto(f"{site}/standing")
    expect(theirs.get_by_text("hide: nobody reads the comment").first).to_be_visible()


def test_consequences_are_asked_once_the_warning_is_chosen(visit, site, comment, reporter, moderator, accessible):
    receive_report(comment, clause=Clause.objects.get(code="harassment"), text="Rude.", actor=reporter)
    case = claim(Case.objects.get(), actor=moderator)
    page = visit(moderator)
    page.goto(f"{site}{case.get_absolute_url()}")
    page.get_by_text("Violation", exact=False).first.click()
    page.locator("input[name=outcome][value=violation]").check()
    expect(page.get_by_label("no posting for 48 hours")).to_be_hidden()
    page.locator("input[name=measures][value=limit_reached]").check()
    page.get_by_label("no posting for 48 hours").check()
    accessible(page)
    page.get_by_label("Statement of reasons").fill("You went on insulting people after we asked you to stop.")
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_text("In force now")).to_be_visible()
    assert list(Measure.objects.order_by("pk").values_list("kind", flat=True)) == ["limit_reached", "posting_ban"]


def test_another_name_is_chosen(visit, site, author, moderator, accessible, fits):
    decide_directly(
        author, kind="username_reset", clause=Clause.objects.get(code="harassment"), reason="It insults a person.",
        actor=moderator,
    )  # fmt: skip
    page = visit(User.objects.get(pk=author.pk), width=320)
    page.goto(f"{site}/settings/profile")
    page.get_by_role("link", name="We replaced a name").click()
    accessible(page)
    fits(page)
    name = f"kind-{uuid.uuid4().hex[:6]}"
    page.get_by_label("Another name").fill(name)
    page.get_by_role("button", name="Take this name").click()
    expect(page.get_by_text(f"It is called “{name}” now.")).to_be_visible()
    assert NameReset.objects.get().chosen_at is not None
