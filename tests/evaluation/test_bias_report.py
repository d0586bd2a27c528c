"""`manage.py bias_report`, on small files."""

from pathlib import Path

import pytest
from django.core.management import CommandError

HEADER = ["text", "label"]


@pytest.fixture
def rows():
    """A classifier that flags whatever names old people, and is right about others."""
    return [
        row
        for _ in range(25)
        for row in (["0.9 gay idiots", 1], ["0.1 gay friends", 0], ["0.9 old idiots", 1], ["0.8 old friends", 0])
    ]


def terms_of(made):
    return {one["term"]: one for one in made.data["bias"]["terms"]}


def test_the_terms_are_found_in_the_text(run, write, rows):
    made = run("bias_report", write([HEADER, *rows]))
    assert set(terms_of(made)) == {"gay", "old"}
    old = terms_of(made)["old"]
    assert (old["rows"], old["positive"], old["false_positives"]) == (50, 25, 25)
    assert (old["bpsn_auc"]["value"], old["false_positive_gap"]["value"]) == (1, 1)
    assert terms_of(made)["gay"]["false_positive_gap"]["value"] == -1
    assert made.data["bias"]["worst"]["false_positive_gap"] == "gay"
    assert "+1.000" in made.text
    assert "+1.000" in made.page


def test_a_column_or_several_say_the_same(run, write, rows):
    found = run("bias_report", write([HEADER, *rows])).data["bias"]
    term = [["old" if "old" in text else "gay", text, label] for text, label in rows]
    named = write([["who", *HEADER], *term], "named.csv")
    assert run("bias_report", named, term_column="who").data["bias"] == found
    flags = [[int("old" in text), int("gay" in text), text, label] for text, label in rows]
    flagged = write([["old", "gay", *HEADER], *flags], "flagged.csv")
    assert run("bias_report", flagged, identity=["old", "gay"]).data["bias"] == found


def test_a_list_of_ones_own(run, write, rows, tmp_path):
    (tmp_path / "terms.txt").write_text("friends\n")
    made = run("bias_report", write([HEADER, *rows]), terms=tmp_path / "terms.txt")
    assert list(terms_of(made)) == ["friends"]
    assert terms_of(made)["friends"]["subgroup_auc"]["value"] is None
    assert made.data["bias"]["without_term"] == 50
    assert "too few" in made.text


def test_few_rows_of_a_term_have_counts_only(run, write, rows):
    made = run("bias_report", write([HEADER, *rows, ["0.3 muslim friends", 0]]))
    muslim = terms_of(made)["muslim"]
    assert (muslim["rows"], muslim["subgroup_auc"]["value"], muslim["false_positive_gap"]["value"]) == (1, None, None)


def test_rows_that_nobody_labelled_do_not_count(run, write, rows):
    made = run("bias_report", write([HEADER, *rows, *[["0.3 asian friends", ""]] * 30]))
    assert made.data["bias"]["rows"] == 100
    assert set(terms_of(made)) == {"gay", "old"}


@pytest.mark.parametrize(
    ("row", "options", "why"),
    [
        (["gay", 1], {}, "All 1 rows of “label” are positive"),
        (["gay", ""], {}, "No row says anything in “label”"),
        (["gay", 1], {"label": "truth=toxicity"}, "no column “truth”"),
        (["gay", 1], {"label": "label=evil"}, "no label “evil”"),
        (["gay", 1], {"term_column": "who"}, "no column “who”"),
        (["gay", 1], {"identity": ["who"]}, "no column “who”"),
        (["gay", 1], {"identity": ["label"]}, "cannot be the truth and a group"),
        (["gay", 1], {"identity": ["who"], "term_column": "who"}, "terms come from one place"),
        (["gay", 1], {"terms": Path("/nowhere/terms.txt")}, "cannot be read"),
    ],
)
def test_what_cannot_be_measured_says_what_to_do(run, write, row, options, why):
    with pytest.raises(CommandError, match=why):
        run("bias_report", write([HEADER, row]), **options)


def test_no_term_at_all(run, write):
    with pytest.raises(CommandError, match="No row names a term: give them with"):
        run("bias_report", write([HEADER, ["0.1 friends", 0], ["0.9 idiots", 1]]))
