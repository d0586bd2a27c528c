"""The pages that the commands write, opened as files: accessible, no wider than the screen, light and dark."""

import pytest
from django.core.management import call_command

from tests.evaluation.conftest import some_rows, write  # noqa: F401 - a fixture


@pytest.fixture
def pages(write, tmp_path):  # noqa: F811
    rows = [[text, label, "old" if place % 2 else "young"] for place, (text, label) in enumerate(some_rows(120))]
    file = write([["text", "toxicity", "who"], *rows])
    evaluation, bias = tmp_path / "evaluation.html", tmp_path / "bias.html"
    call_command("evaluate_classifier", "text", file, rounds=20, html=evaluation)
    call_command("bias_report", "text", file, rounds=20, html=bias, label="toxicity", term_column="who")
    return [evaluation, bias]


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)], ids=["wide light", "narrow dark"])
def test_reports_are_accessible_and_fit(pages, width, dark, browser, accessible, fits) -> None:
    # axe is a script, and the page's own policy allows none.
    scheme = "dark" if dark else "light"
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, offline=True
    )
    page = context.new_page()
    for path in pages:
        page.goto(path.as_uri())
        accessible(page)
        fits(page)
        assert page.locator("svg").count() >= 3
    context.close()
