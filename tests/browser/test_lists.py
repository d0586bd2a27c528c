"""Facets, the way into what is not for all audiences, and content preferences: by hand, at every width."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

CARD = """---
license: {license}
tags: [a-tag-that-is-much-longer-than-any-column-of-facets-at-320-pixels, not-for-all-audiences]
---
# A title
"""


@pytest.fixture
def hub(make_repository) -> None:
    for name, license_of in (("one", "mit"), ("two", "apache-2.0")):
        make_repository(name, card=CARD.format(license=license_of))
    make_repository("plain", card="# Plain\n")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["wide light", "narrow dark"])
@pytest.mark.usefixtures("hub")
def test_narrowing_and_viewing(width, dark, visit: Callable, accessible: Callable, fits: Callable) -> None:
    page = visit(width=width, dark=dark)
    page.goto("/models")
    page.get_by_text("Narrow this list").click()
    accessible(page)
    fits(page)
    page.get_by_role("link", name="mit 1").click()
    expect(page).to_have_url(re.compile(r"\?license=mit$"))
    page.get_by_text("How this order comes about").click()
    accessible(page)
    page.get_by_role("link", name="License: mit").click()
    expect(page).to_have_url(re.compile(r"/models\?$"))

    page.goto("/nok/one/history")
    accessible(page)
    fits(page)
    page.get_by_role("button", name="View content").click()
    expect(page).to_have_url(re.compile("/nok/one/history$"))
    page.goto("/nok/one")
    expect(page.get_by_text("Tagged by its owner in the card")).to_be_visible()
    fits(page)


@pytest.mark.usefixtures("hub")
def test_choosing_never(visit: Callable, reporter, accessible: Callable) -> None:
    page = visit(reporter, width=320)
    page.goto("/nok/one")
    page.get_by_role("link", name="content preferences").click()
    accessible(page)
    page.get_by_text("Never list them").click()
    page.get_by_role("button", name="Save the preferences").click()
    expect(page.get_by_text("Your content preferences are saved.")).to_be_visible()
    page.goto("/models")
    expect(page.locator("[data-row]")).to_have_count(1)
