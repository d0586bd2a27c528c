"""The pages need nothing else, hide nothing from those who do not see plots, and escape what files say."""

from html.parser import HTMLParser

import pytest

from tests.evaluation.conftest import some_rows


class Tags(HTMLParser):
    """Which elements a page has, with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, name):
        return [attrs for tag, attrs in self.found if tag == name]


@pytest.fixture
def pages(run, write):
    rows = some_rows()
    names = [[text, label, "<b>old</b>" if place % 2 else "young"] for place, (text, label) in enumerate(rows)]
    path = write([["text", "toxicity", "who"], *names], "<i>.csv")
    return [
        run("evaluate_classifier", path, language="who").page,
        run("bias_report", path, label="toxicity", term_column="who").page,
    ]


def test_a_page_needs_nothing_else(pages):
    for page in pages:
        tags = Tags(page)
        assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _attrs in tags.found}
        assert not [name for _tag, attrs in tags.found for name in attrs if name in ("src", "href", "style")]
        assert not [name for _tag, attrs in tags.found for name in attrs if name.startswith("on")]
        assert "url(" not in page
        assert tags.named("html") == [{"lang": "en"}]


def test_every_plot_has_a_table_beside_it(pages):
    for page, plots in zip(pages, (3, 5), strict=True):
        figures = page.split("<figure>")[1:]
        assert len(figures) == plots
        for figure in figures:
            inside = figure.split("</figure>")[0]
            assert inside.count("<svg") == inside.count("<table") == inside.count("<figcaption>") == 1
            assert 'aria-hidden="true"' in inside


def test_what_a_file_says_is_escaped(pages):
    for page in pages:
        assert "<b>old" not in page
        assert "<i>.csv" not in page
        assert "&lt;b&gt;old" in page
        assert "&lt;i&gt;.csv" in page


def test_tables_say_what_they_are_and_scroll_by_keyboard(pages):
    for page in pages:
        tags = Tags(page)
        regions = [attrs for attrs in tags.named("div") if attrs.get("class") == "scroll"]
        assert len(regions) == len(tags.named("table")) == len(tags.named("caption"))
        assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)
