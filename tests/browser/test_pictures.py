"""Pictures of evidence as each moderator chose to meet them, in a real browser (D5)."""

import pytest
from playwright.sync_api import Page, expect

from moderation.automation.pipeline import score_pending
from moderation.cases.actions import receive_report
from moderation.cases.actions.changed_reports import add_own_file
from moderation.cases.comfort import choose_comfort
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.reports.actions.evidence import EvidenceFile
from moderation.scoring.previews import make_previews
from moderation.subjects.files import file_seen
from repositories.actions import commit
from tests.classifiers.drawing import encoded, picture


@pytest.fixture
def case(repository, owner, reporter) -> Case:
    """A reported picture, scored and with its preview made, and a picture that the reporter sent."""
    data = encoded(picture(900, 600))
    commit(repository, {"sample.png": data}, actor=owner, message="Add a picture")
    repository.refresh_from_db()
    seen = file_seen(repository, "sample.png", "", owner)
    report = receive_report(
        repository, clause=Clause.objects.get(code="malware"), text="Look at it.", actor=reporter, seen=seen
    )
    add_own_file(report, EvidenceFile("shot.png", "image/png", data), most=3, actor=reporter)
    score_pending()
    make_previews()
    return Case.objects.get()


def shown(page: Page, name: str) -> tuple[str, bool]:
    """The filter of the picture with this name, and whether it was loaded."""
    image = page.get_by_alt_text(name, exact=True)
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    style: str = image.evaluate("one => getComputedStyle(one).filter")
    return style, image.evaluate("one => one.naturalWidth > 0")


@pytest.mark.parametrize("grey", [True, False])
@pytest.mark.parametrize("blur", [True, False])
def test_pictures_are_blurred_and_grey_as_chosen(visit, moderator, case, accessible, blur, grey):
    choose_comfort(blur=blur, greyscale=grey, fold=True, opted_out=[], budget=None, actor=moderator)
    page, asked = visit(moderator), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(case.get_absolute_url())
    style = "grayscale(1)" if grey else "none"
    sharp, blurred = page.get_by_alt_text("The reported picture", exact=True), "The reported picture, blurred"
    if blur:
        assert shown(page, blurred) == (style, True)
        expect(sharp).to_be_hidden()
        assert not [url for url in asked if url.endswith("/sharp")]
        page.keyboard.press("x")
        expect(page.get_by_alt_text(blurred, exact=True)).to_be_hidden()
    assert shown(page, "The reported picture") == (style, True)
    assert sharp.evaluate("one => one.naturalWidth") == 900
    assert not [url for url in asked if "/attachments/" in url]
    page.get_by_text("Look at it here; that is logged").click()
    if blur:
        assert shown(page, "shot.png, blurred") == (style, True)
        inside = page.locator("details.look details.reveal > summary")
        inside.focus()
        page.keyboard.press("Enter")
    assert shown(page, "shot.png") == (style, True)
    accessible(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pictures_fit_on_a_narrow_page(visit, moderator, case, fits, dark):
    page = visit(moderator, width=320, dark=dark)
    page.goto(case.get_absolute_url())
    page.keyboard.press("x")
    shown(page, "The reported picture")
    fits(page)
