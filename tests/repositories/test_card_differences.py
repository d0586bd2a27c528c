"""What differs between two cards, in words (A4, A5, B1)."""

import pytest

from repositories.card import read_card
from repositories.card.differences import differences


def said(before: str, after: str) -> list[str]:
    """Cards by their front matter; with a body where it holds a line ---."""
    cards = [
        read_card(f"---\n{matter}\n---\n" if "---" not in matter else f"---\n{matter}") for matter in (before, after)
    ]
    return differences(*cards)


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        ("license: mit", "license: mit", []),
        ("", "license: mit", ["Gives the license mit."]),
        ("license: mit", "", ["Takes away the license mit."]),
        ("license: mit", "license: openrail", ["Changes the license from mit to openrail."]),
        ("tags: [a, b]", "tags: [b, c, d]", ["Adds the tags c, d.", "Removes the tag a."]),
        ("language: en", "language: [en, th]", ["Adds the language th."]),
        ("", "base_model: c/d", ["Says that it was made from c/d."]),
        ("base_model: a/b", "", ["No longer says that it was made from a/b."]),
        ("datasets: [squad]", "", ["No longer names as its data squad."]),
        ("pipeline_tag: x", "", ["Changes what it is for from x to —."]),
        ("library_name: x", "library_name: y", ["Changes its library from x to y."]),
        ("", "extra_gated_prompt: y", ["Changes the conditions of access that stand in the card."]),
        ("widget: [1]\nb: 2", "widget: [2]", ["Changes the fields b, widget."]),
        ("---\n# A\n## Risks\n\nIt may harm.\n", "---\n# A\n", ["Takes away what the card says about risks."]),
        ("---\n# A\n", "---\n# A\n## Limitations\n\nOnly English.\n", ["Says what the limits are."]),
        ("license: [", "license: mit", ["Gives the license mit."]),
    ],
)  # fmt: skip
def test_in_words(before, after, sentences):
    assert said(before, after) == sentences


def test_front_matter_that_breaks_is_all_that_is_said():
    [words] = said("license: mit", "license: [")
    assert words.startswith("The front matter could not be read any more")


def test_the_tag_for_audiences_comes_first():
    words = said("tags: [a]", "license: mit\ntags: [a, Not For All Audiences]")
    assert words[0].startswith("Tags this repository “Not For All Audiences”")
    assert said("tags: [not-for-all-audiences]", "tags: []")[0].startswith("Takes away the tag")


def test_many_values_are_cut():
    [words] = said("", f"tags: {[f'tag{number}' for number in range(90)]}")
    assert words.endswith("tag19, ….")
