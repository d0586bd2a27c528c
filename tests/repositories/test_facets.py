"""Facets of lists and search: several at once in the address, counted over what the viewer is shown (A4, A6)."""

import re

import pytest

from accounts.actions import choose_nfaa
from accounts.queries import system_actor
from repositories import feeds
from repositories.actions import restrict
from tests.repositories.reading import following, names, text_of

CARD = """---
license: {license}
language: [{language}]
tags: [{tag}]
pipeline_tag: {task}
library_name: {library}
ethical_categories: [{ethics}]
---
# {{name}}
"""


@pytest.fixture
def make(make_repository):
    """make("name", terms=…, language=…, tag=…, task=…, library=…, ethics=…, **settings)."""

    def build(
        name, *, terms="mit", language="th", tag="chat", task="fill-mask", library="spacy", ethics="rigorous", **more
    ):
        card = CARD.format(license=terms, language=language, tag=tag, task=task, library=library, ethics=ethics)
        return make_repository(name, card=card, **more)

    return build


@pytest.fixture
def several(make):
    make("plain")
    make("mit-too", language="en", tag="rivers")
    make("apache", terms="apache-2.0", task="text-generation", library="transformers", ethics="inclusive")
    make("guarded", terms="apache-2.0", tag="not-for-all-audiences", gating="auto")


def offered(response) -> dict[str, dict[str, int]]:
    """Counts by value, by name of the facet."""
    found = {}
    for name, body in re.findall(r'aria-labelledby="facet-(\w+)">(.*?)</section>', text_of(response), re.DOTALL):
        values = re.findall(r'class="value">([^<]+)</span>\s*<span class="count">([^<]+)<', body)
        found[name] = {value: int(count) for value, count in values}
    return found


def address_of(response, value: str) -> str:
    """Where the link of a value, offered or chosen, goes."""
    pattern = rf'<a class="tag"\s+href="(\?[^"]*)"[^>]*>\s*(?:<span class="value">)?{re.escape(value)}\b'
    return re.search(pattern, text_of(response))[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("license=mit", {"plain", "mit-too"}),
        ("license=mit&language=en", {"mit-too"}),
        ("license=mit&license=apache-2.0", {"plain", "mit-too", "apache", "guarded"}),
        ("tag=chat&tag=rivers", set()),
        ("task=text-generation", {"apache"}),
        ("library=spacy&gated=no", {"plain", "mit-too"}),
        ("gated=yes", {"guarded"}),
        ("gated=yes&gated=no", {"plain", "mit-too", "apache", "guarded"}),
        ("nfaa=yes", {"guarded"}),
        ("nfaa=no&license=apache-2.0", {"apache"}),
        ("ethics=inclusive", {"apache"}),
        ("license=MIT", set()),
        ("gated=perhaps", {"plain", "mit-too", "apache", "guarded"}),
        ("license=", {"plain", "mit-too", "apache", "guarded"}),
        ("license=it's%20%27%5C", set()),
    ],
)
@pytest.mark.parametrize("walk", [5_000, 1], ids=["common", "rare"])
def test_several_narrow_a_list_and_a_search(client, several, monkeypatch, walk, query, expected):
    monkeypatch.setattr(feeds, "WALK", walk)
    assert set(names(client.get(f"/models?{query}"))) == expected
    assert set(names(client.get(f"/search?q=nok&{query}"))) == expected
    assert set(names(client.get(f"/search?q=nok&order=newest&{query}"))) == expected


def test_counts(client, several):
    found = offered(client.get("/models"))
    assert found["license"] == {"mit": 2, "apache-2.0": 2}
    assert found["task"] == {"fill-mask": 3, "text-generation": 1}
    assert found["ethics"] == {"Rigorous": 3, "Inclusive": 1}
    assert found["gated"] == {"no": 3, "yes": 1}
    assert found["nfaa"] == {"no": 3, "yes": 1}
    assert "kind" not in found


def test_counts_are_of_what_is_left_and_what_all_have_is_not_offered(client, several):
    page = client.get("/models?license=mit")
    assert offered(page) == {"language": {"en": 1, "th": 1}, "tag": {"chat": 1, "rivers": 1}}


def test_kinds_are_a_facet_of_search(client, several, make):
    make("rows", kind="dataset")
    assert offered(client.get("/search?q=nok"))["kind"] == {"model": 4, "dataset": 1}
    assert names(client.get("/search?q=nok&kind=dataset")) == ["rows"]


def test_choosing_and_taking_back_by_links(client, several):
    page = client.get("/models?order=newest&after=")
    narrowed = address_of(page, "mit")
    assert narrowed == "?order=newest&license=mit"
    twice = address_of(client.get(f"/models{narrowed}"), "en")
    page = client.get(f"/models{twice}")
    assert names(page) == ["mit-too"]
    assert address_of(page, "License: mit") == "?order=newest&language=en"


def test_a_tag_that_is_not_offered_is_typed(client, several):
    page = text_of(client.get("/models?license=mit"))
    assert '<input type="hidden" name="license" value="mit">' in page
    assert '<input name="tag"' in page


def test_counts_respect_access_and_preferences(client, several, make, sign_in, reporter, owner):
    secret = make("secret", terms="secret-license", visibility="private")
    hidden = make("hidden", terms="hidden-license")
    restrict(hidden, kind="downgraded", reason="Why.", actor=system_actor())
    assert set(offered(client.get("/models"))["license"]) == {"mit", "apache-2.0"}
    assert {"secret-license", "hidden-license"} < set(offered(sign_in(owner).get("/models"))["license"])
    choose_nfaa(reporter, "never", actor=reporter)
    found = offered(sign_in(reporter).get("/models"))
    assert found["license"] == {"mit": 2, "apache-2.0": 1}
    assert "nfaa" not in found
    assert secret.pk


def test_beyond_the_first_the_page_says_so(client, make, monkeypatch):
    for number in range(35):
        make(f"number-{number}", terms="mit" if number % 2 else "apache-2.0")
    monkeypatch.setitem(feeds.Feed.first.__kwdefaults__, "most", 30)
    page = client.get("/models")
    assert sum(offered(page)["license"].values()) == 30
    assert "Counted among the first 30 of this list." in text_of(page)


def test_pages_of_a_narrowed_list_hold_everything_once(client, make, monkeypatch):
    monkeypatch.setattr(feeds, "WALK", 40)
    for number in range(70):
        make(f"number-{number}", terms="mit" if number % 2 else "apache-2.0")
    found, query = [], "?license=mit&order=newest"
    while query:
        page = client.get(f"/models{query}")
        found += names(page)
        query = following(page)
    assert found == [f"number-{number}" for number in reversed(range(70)) if number % 2]


def test_values_are_shown_escaped(client, make_repository):
    make_repository("bad", card="---\ntags: ['<script>alert(1)</script>']\n---\n# {name}\n")
    make_repository("good")
    assert "<script>alert(1)" not in text_of(client.get("/models"))
    assert "<script>alert(1)" not in text_of(client.get("/models?tag=<script>alert(1)</script>"))
