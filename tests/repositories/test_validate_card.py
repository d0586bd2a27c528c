"""Checking front matter: which line, which key, what to do (A5)."""

import re

import pytest
from django.utils import translation

from repositories.card import validate_card
from repositories.card.categories import CATEGORIES


def found(matter, start="---\n"):
    """(line, key, level) of each problem; the front matter has a license unless it states one."""
    stated = matter if "license" in matter else f"{matter}\nlicense: mit"
    return [(one.line, one.key, one.level) for one in validate_card(f"{start}{stated}\n---\n# Tiny\n")]


def said(matter):
    return [one.message for one in validate_card(f"---\n{matter}\n---\n")]


@pytest.mark.parametrize(
    "text",
    [
        "---\nlicense: mit\n---\n# A\n",
        "\ufeff---\r\nlicense: mit\r\ntags:\r\n- a\r\n---\r\n# A\r\n",
        "---\nlicense: [cc-by-4.0]\nlanguage: [th, pt-BR, multilingual, code]\ntags: []\nbase_model: a/b\n"
        "datasets: [a/b, squad]\npipeline_tag: something-new\nethical_categories: Socially Conscious\n---\n",
        "---\nlicense: other\nlicense_name: mine\nlicense_link: LICENSE\nanything: {at: [all, 3, 2026-11-22]}\n---\n",
        "---\nlicense: mit\nextra_gated_prompt: Agree.\nextra_gated_fields:\n  Name: text\n  Born: date_picker\n"
        "  Country: country\n  Ok: {type: checkbox}\n  Use: {type: select, options: [a, {label: b, value: c}]}\n---\n",
    ],
    ids=["short", "windows", "full", "other license", "gated"],
)
def test_nothing_wrong(text):
    assert validate_card(text) == []


@pytest.mark.parametrize(
    ("matter", "line", "hint"),
    [
        ("title: a: b", 2, "second colon on this line"),
        ("license mit\ntags: [a]", 3, "does that one lack a colon"),
        ("tags: [a, b\nlicense: mit", 2, "never closed"),
        ("a: 1\nb: 'open\nc: d", 3, "quotes that open here"),
        ("a: 1\n\tb: 2", 3, "There is a tab"),
        ("a: 1\nb\n", 3, "no “key: value”"),
        ("a:\n  - x\n - y", 4, "does not fit the one above"),
        ("a: @x", 2, "cannot begin with this character"),
        ("a: - b", 2, "Begin the list on the next line"),
        ('a: "\\q"', 2, "backslash"),
        ("a: b\x07", 2, "U+0007"),
        ("a: &x 1\nb: *x", 3, "aliases"),
        ("a: **bold**", 2, "needs quotes"),
        ("a: 1\n...\nb: 2", 4, "without directives"),
        ("a:\n" + "- x\n" * 24_000, 20_000, "too many values"),
        ("a: 1\nb: " + "[" * 60, 3, "too deep"),
        ("a: " + "x" * 100_000, 2, "too long"),
        ("a: |x\n b", 2, "expected chomping"),
        ("- a\n- b", 2, "key: value"),
        ("just words", 2, "key: value"),
    ],
)
def test_unreadable(matter, line, hint):
    [problem] = validate_card(f"---\n{matter}\n---\n# Tiny\n")
    assert (problem.line, problem.level) == (line, "error")
    assert hint in problem.message


@pytest.mark.parametrize(
    ("text", "line"), [("---\nlicense: mit\n", 1), ("---\n# A card with a rule\n", 1), ("\n\n---\na: 1", 3)]
)
def test_never_closed(text, line):
    [problem] = validate_card(text)
    assert (problem.line, problem.level) == (line, "error")
    assert "never closed" in problem.message


@pytest.mark.parametrize(
    ("matter", "problem"),
    [
        ("a: 1\na: 2", (3, "a", "error")),
        ("a:\n  b: 1\n  c: 2\n  b: 3", (5, "a.b", "error")),
        ("a: !!python/name:os.system", (2, "a", "error")),
        ("a: [1, !x 2]", (2, "a[1]", "error")),
        ("a: 2026-99-99", (2, "a", "error")),
        ("? [a]\n: b", (2, "?", "error")),
        ("license: 3", (2, "license", "error")),
        ("license: {name: mit}", (2, "license", "error")),
        ("license: [mit, 3]", (2, "license[1]", "error")),
        ("tags: one", (2, "tags", "error")),
        ("tags:\n- a\n- b\n- 3", (5, "tags[2]", "error")),
        ("tags: [a, [b]]", (2, "tags[1]", "error")),
        ("language: English", (2, "language", "error")),
        ("language: [en, 3]", (2, "language[1]", "error")),
        ("base_model: bert", (2, "base_model", "warning")),
        ("base_model: [a/b, https://x.example/a/b]", (2, "base_model[1]", "error")),
        ("datasets: [a b]", (2, "datasets[0]", "error")),
        ("datasets: {a: b}", (2, "datasets", "error")),
        ("pipeline_tag: [a]", (2, "pipeline_tag", "error")),
        ("extra_gated_prompt: [a]", (2, "extra_gated_prompt", "error")),
        ("extra_gated_fields: [a]", (2, "extra_gated_fields", "error")),
        ("extra_gated_fields:\n  Name: words", (3, "extra_gated_fields.Name", "error")),
        ("extra_gated_fields:\n  Name:\n    type: words", (4, "extra_gated_fields.Name.type", "error")),
        ("extra_gated_fields:\n  Name: select", (3, "extra_gated_fields.Name", "error")),
        ("extra_gated_fields: {a: {type: select, options: [[b]]}}", (2, "extra_gated_fields.a.options[0]", "error")),
        ("extra_gated_fields: {a: ip_location}", (2, "extra_gated_fields.a", "warning")),
        ("license: banana", (2, "license", "warning")),
        ("license: MIT", (2, "license", "warning")),
        ("license: [mit, gpl-3.0]", (2, "license[1]", "warning")),
        ("a: 1\nlicense: other", (3, "license", "warning")),
        ("license:", (2, "license", "warning")),
        ("language: no", (2, "language", "warning")),
        ("ethical_categories: [rigorous, kind]", (2, "ethical_categories[1]", "warning")),
    ],
)
def test_one_problem(matter, problem):
    assert found(matter) == [problem]


@pytest.mark.parametrize("start", ["---\n", "\ufeff---\n", "---\r\n"], ids=["unix", "byte order mark", "windows"])
def test_line_is_that_of_the_file(start):
    end = "\r\n" if "\r\n" in start else "\n"
    assert found(end.join(["a: 1", "# words", "", "tags: one"]), start) == [(5, "tags", "error")]
    assert found("a: 1\ntags: one", start.replace("---", f"{end}---")) == [(4, "tags", "error")]


@pytest.mark.parametrize("text", ["# Only words\n", "", "---\n---\n", "---\n# only a remark\n---\n"])
def test_no_license_is_a_warning(text):
    [problem] = validate_card(text)
    assert (problem.line, problem.key, problem.level) == (1, "license", "warning")
    assert "license: apache-2.0" in problem.message


def test_errors_come_first_and_not_endlessly():
    many = ", ".join(["kind"] * 80)
    problems = validate_card(f"---\nethical_categories: [{many}]\ntags: one\n---\n")
    assert len(problems) == 50
    assert (problems[0].key, problems[0].level) == ("tags", "error")


def test_more_questions_than_we_ask():
    fields = "\n".join(f"  q{number}: text" for number in range(31))
    assert found(f"extra_gated_fields:\n{fields}") == [(33, "extra_gated_fields.q30", "error")]


def test_messages_say_what_to_do_and_show_only_what_a_page_can_show():
    assert said('license: mit\nbase_model: "\\ud800\\0 x%s"') == ["“x%s” is no name of a model: write owner/name."]
    [message] = said(f"license: mit\nlanguage: {'x' * 500}")
    assert len(message) < 200
    assert said("license: mit\ntags: [100%, true]") == [
        "This has to be text and is yes or no: put it in quotes, or take it out."
    ]


def test_messages_are_in_the_language_of_the_reader():
    [problem] = validate_card("---\nlicense: mit\ntags: one\n---\n")
    with translation.override("th"):
        assert str(problem).startswith(translation.gettext("Line %(line)s, %(key)s: %(message)s")[:4])


def test_page_tells_whoever_can_edit(client, sign_in, owner, reporter, make_repository):
    make_repository("broken", card="---\ntags: one\n---\n# x\n")
    warning, error = "1 remark on the front matter", "Line 2, tags: Write tags as a list"
    page = sign_in(owner).get("/nok/broken").content.decode()
    assert warning in page
    assert error in page
    for visitor in (client, sign_in(reporter)):
        page = visitor.get("/nok/broken").content.decode()
        assert warning not in page
        assert error not in page


def test_page_shows_categories_and_what_is_documented(client, make_repository):
    card = (
        "---\ntags: [Rigorous]\nethical_categories: [socially conscious]\n---\n# x\n\n## Risks\n\nIt repeats names.\n"
    )
    make_repository("kind", card=card)
    page = " ".join(client.get("/nok/kind").content.decode().split())
    for slug in ("rigorous", "socially-conscious"):
        assert str(CATEGORIES[slug].explanation) in page
    assert str(CATEGORIES["inclusive"].explanation) not in page
    assert re.findall(r"<dt>([\w ]+)</dt> <dd> <span class=\"state \w+\">(\w+)</span>", page) == [
        ("Risks", "documented"),
        ("Limitations", "missing"),
        ("Intended use", "missing"),
    ]
