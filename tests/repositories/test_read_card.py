"""Reading a card: what it says, in shapes that the database and programs take (A4, A5)."""

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repositories.card import body_of, read_card, validate_card
from repositories.card.gating import GatedField

CARD = """---
license: mit
language: [th, en]
tags: [text, Rigorous, socially conscious]
pipeline_tag: text-classification
library_name: transformers
base_model: siam/base
datasets:
  - siam/words
  - squad
ethical_categories: [Inclusive, nonsense]
released: 2026-11-22
---
# Tiny
"""


def test_what_it_says_of_itself():
    card = read_card(CARD)
    assert (card.title, card.license, card.pipeline_tag, card.library) == (
        "Tiny",
        "mit",
        "text-classification",
        "transformers",
    )
    assert (card.languages, card.tags) == (["th", "en"], ["text", "Rigorous", "socially conscious"])
    assert (card.base_models, card.datasets) == (["siam/base"], ["siam/words", "squad"])
    assert card.ethical_categories == ["rigorous", "socially-conscious", "inclusive"]
    assert card.matter["released"] == "2026-11-22"
    assert card.problem == ""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"], ids=["plain", "byte order mark", "empty lines"])
def test_line_ends_and_byte_order_marks(start, end):
    card = read_card((start + CARD).replace("\n", end))
    assert (card.license, card.datasets, card.body) == ("mit", ["siam/words", "squad"], "# Tiny\n")


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\n---\n# A\n", "# A\n"),
        ("---  \nlicense: mit\n---\t\n\n# A\n", "# A\n"),
        ("---\nnever closed\n", "---\nnever closed\n"),
        ("---\na: 1\n---- no end\n---\nB", "B"),
        ("# A\n---\na: 1\n---\n", "# A\n---\na: 1\n---\n"),
        ("", ""),
        ("---", "---"),
    ],
)
def test_where_the_body_begins(text, body):
    assert body_of(text) == read_card(text).body == body


def test_norwegian_is_no_truth_value():
    assert read_card("---\nlanguage: no\n---\n").languages == ["no"]
    assert read_card("---\nlanguage: [en, no]\n---\n").languages == ["en", "no"]


@pytest.mark.parametrize("tag", ["not-for-all-audiences", "Not-For-All-Audiences", "not for all audiences"])
def test_label_for_adults(tag):
    assert read_card(f"---\ntags: [{', '.join(map(str, range(150)))}, {tag}]\n---\n").nfaa
    assert not read_card(CARD).nfaa


def test_names_that_are_none_are_left_out():
    card = read_card(
        "---\nbase_model: [a/b, a/b, bert, a b/c, 'https://x.example/a/b']\ndatasets: [a b, c/d, ../e]\n---\n"
    )
    assert (card.base_models, card.datasets) == (["a/b"], ["c/d"])


def test_how_much_is_kept():
    many = "\n".join(f"- o/n{number}" for number in range(200))
    card = read_card(f"---\nbase_model:\n{many}\ndatasets:\n{many}\ntags:\n{many}\n---\n")
    assert (len(card.base_models), len(card.datasets), len(card.tags)) == (20, 50, 100)


@pytest.mark.parametrize(
    ("matter", "kept"),
    [
        ("a: 2026-11-22\nb: 2026-11-22 14:05:00", {"a": "2026-11-22", "b": "2026-11-22T14:05:00"}),
        ("a: .nan\nb: .inf\nc: [1.5, -.inf]", {"c": [1.5]}),
        (f"a: 0x{'F' * 3_000}\nb: {2**63}\nc: {2**63 - 1}", {"c": 2**63 - 1}),
        ("a: !!binary aGk=\nb: !!set {x, y}\nc: yes", {"c": True}),
        ('a: "\\0x\\ud800"', {"a": "x"}),
        ("2: a\ntrue: b\nnull: c\n2026-11-22: d", {"2": "a", "true": "b", "null": "c", "2026-11-22": "d"}),
        ("a: {b: {c: [null, {d: e}]}}", {"a": {"b": {"c": [None, {"d": "e"}]}}}),
    ],
    ids=["dates", "no numbers", "large numbers", "other types", "characters", "keys", "nested"],
)
def test_front_matter_as_json(matter, kept):
    assert read_card(f"---\n{matter}\n---\n").matter == kept


def test_front_matter_that_is_too_large_for_a_column():
    card = read_card(f"---\nlicense: mit\nlong: {'x' * 70_000}\n---\n")
    assert (card.license, card.matter) == ("mit", {})


def test_what_gated_files_ask():
    card = read_card(
        """---
extra_gated_heading: Please agree
extra_gated_prompt: You agree to harm nobody.
extra_gated_button_content: I agree
extra_gated_fields:
  Company: text
  Country: Country
  Date of birth: date
  Use:
    type: select
    options: [Research, {label: Other, value: other}, {value: play}]
  I agree: {type: checkbox}
  Where you are: ip_location
  Choose: select
---
"""
    )
    assert (card.gated_heading, card.gated_button) == ("Please agree", "I agree")
    assert card.gated_prompt == "You agree to harm nobody."
    assert card.gated_fields == [
        GatedField("Company", "text"),
        GatedField("Country", "country"),
        GatedField("Date of birth", "date_picker"),
        GatedField("Use", "select", ["Research", "Other", "play"]),
        GatedField("I agree", "checkbox"),
    ]


@pytest.mark.parametrize("fields", ["[]", "text", "{a: []}", "{a: {type: [text]}}", "{a: null}", "3", "[{a: text}]"])
def test_questions_of_a_wrong_shape_are_not_asked(fields):
    assert read_card(f"---\nextra_gated_fields: {fields}\n---\n").gated_fields == []


# Keys that we read, values of every kind: what rules combine.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=20),
    st.sampled_from(
        ["mit", "other", "no", "a/b", "&a b", "*a", "<<", "=", "!!int x", "2026-99-99", "1:1:1", "\\ud800"]
    ),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
KEYS = st.sampled_from(
    ["license", "tags", "language", "base_model", "datasets", "ethical_categories", "extra_gated_fields", "<<", "a"]
)
MATTERS = st.dictionaries(KEYS, VALUES, max_size=6).map(
    lambda values: "\n".join(f"{key}: {_written(value)}" for key, value in values.items())
)


def _written(value):
    """As somebody may have typed it: partly quoted, partly not."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key)}: {_written(one)}' for key, one in value.items())}}}"
    return str(value)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(MATTERS.map("---\n{}\n---\n# x\n".format), st.text(), st.text(alphabet="-\n\r:[]{}&*!|>'\"#, a0")))
def test_never_raises_and_is_always_json(text):
    card = read_card(text)
    assert len(json.dumps(card.matter, allow_nan=False)) <= 60_000
    kept = [card.matter, card.tags, card.languages, card.license, card.title, card.ethical_categories]
    assert "\\u0000" not in json.dumps(kept)
    json.dumps(kept, ensure_ascii=False).encode()
    problems = validate_card(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= one.line <= lines and str(one) and one.level in ("error", "warning") for one in problems)
    if card.problem:
        assert any(one.level == "error" for one in problems)


@pytest.mark.parametrize(
    "text",
    [
        "---\na: " + "[" * 150_000 + "\n---\n",
        "---\ntags: [" + "1," * 90_000 + "]\n---\n",
        "---\na: " + "1:" * 45_000 + "1\n---\n",
        "---\n" + "? " * 90_000 + "\n---\n",
        "---\n" + "- " * 90_000 + "\n---\n",
        "---\n" + "a: {<<: " * 30 + "{b: 1}" + "}" * 30 + "\n---\n",
        "<!--" * 50_000,
        "# risks\n" * 25_000,
        "**a:** " * 30_000,
        "![" * 100_000,
        "{{" * 100_000,
        "```\n" * 50_000,
        "\ufdfa" * 200_000,
    ],
    ids=[
        "nested", "values", "base 60", "keys", "lists", "merges", "comments", "headings", "labels", "pictures",
        "templates", "fences", "ligatures",
    ],
)  # fmt: skip
def test_hostile_text_takes_bounded_time(text):
    started = time.process_time()
    read_card(text)
    validate_card(text)
    assert time.process_time() - started < 15
