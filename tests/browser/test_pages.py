"""Every page people live in: no fault that axe finds, no scrolling sideways at 320 px, light and dark."""

from collections.abc import Callable

import pytest

from community.actions import add_comment
from moderation.automation.pipeline import score_pending
from moderation.cases.actions import MeasureOrder, claim, decide, receive_report
from moderation.cases.models import Case


@pytest.fixture
def hub(repository, comment, reporter, moderator, clause, author):
    """A hub in which a comment waits in the queue and a repository was downgraded; addresses by name."""
    receive_report(repository, clause=clause("spam"), text="Only adverts for a shop.", actor=reporter)
    case = claim(Case.objects.get(), actor=moderator)
    decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation",
        clause=clause("spam"),
        measures=[MeasureOrder("downgrade")],
        explanation="The card advertises a shop in every section.",
    )
    report = receive_report(comment, clause=clause("harassment"), text="He insults us.", actor=reporter)
    add_comment(comment.discussion, text="Please calm down, everybody.", actor=reporter)
    score_pending()
    waiting = claim(Case.objects.get(state="open"), actor=moderator)
    return {
        "anonymous": ["/", "/models", "/search?q=tiny", repository.get_absolute_url(), "/policy", "/transparency",
                      comment.discussion.get_absolute_url(), f"{repository.get_absolute_url()}/moderation",
                      "/accounts/login/", "/accounts/signup/", "/nok", "/nothing-here"],
        "reporter": [f"/report/comment/{comment.public_id}", f"/report/repository/{repository.public_id}", "/reports",
                     f"/reports/{report.public_id}", "/inbox", "/standing", "/settings/profile", "/settings/tokens"],
        "owner": ["/inbox", "/standing", "/new", f"{repository.get_absolute_url()}/card/edit",
                  f"{repository.get_absolute_url()}/settings", f"{repository.get_absolute_url()}/files"],
        "moderator": ["/cases", f"/cases/{case.public_id}", f"/cases/{waiting.public_id}", "/rules",
                      "/rules/new", "/cases/classifiers", "/cases/classifiers/text@2",
                      "/cases/classifiers/text@2/labels/toxicity"],
    }  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["wide light", "narrow dark"])
@pytest.mark.parametrize("role", ["anonymous", "reporter", "owner", "moderator"])
def test_pages_are_accessible_and_fit(
    role, width, dark, hub, request, visit: Callable, accessible: Callable, fits: Callable
) -> None:
    user = None if role == "anonymous" else request.getfixturevalue(role)
    page = visit(user, width=width, dark=dark)
    for address in hub[role]:
        page.goto(address)
        accessible(page)
        fits(page)


def test_the_queue_shows_fifteen_cases_at_once(
    visit, moderator, reporter, author, discussion, clause, make_user
) -> None:
    for number in range(20):
        comment = add_comment(discussion, text=f"Number {number}: you are an idiot.", actor=author)
        receive_report(comment, clause=clause("harassment"), text="He insults us.", actor=reporter)
    page = visit(moderator)
    page.goto("/cases")
    inside = "rows => rows.filter(row => row.getBoundingClientRect().bottom <= window.innerHeight).length"
    assert page.locator("[data-row]").evaluate_all(inside) >= 15
