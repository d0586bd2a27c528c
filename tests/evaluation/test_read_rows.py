from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluation.rows import BadFile, Columns, load, read

COLUMNS = Columns("text", ["bad"], ["language"])


def test_csv_and_json_lines_say_the_same(write, tmp_path):
    csv = write([["text", "bad", "language"], ["one\nline", "1", "en"], ["", "0", "th"], ["two", "", ""]])
    lines = tmp_path / "rows.jsonl"
    lines.write_text(
        '\ufeff{"text": "one\\nline", "bad": true, "language": "en"}\n\n'
        '{"text": null, "bad": 0}\n{"text": "two", "bad": null}\n',
        encoding="utf-8",
    )
    one, other = (read(load(path), COLUMNS) for path in (csv, lines))
    assert one == other
    assert (one.in_file, one.without_text) == (3, 1)
    assert [(row.text, row.flags["bad"], row.words["language"]) for row in one.rows] == [
        ("one\nline", True, "en"),
        ("two", None, ""),
    ]


@pytest.mark.parametrize(("said", "meant"), [("TRUE", True), ("1.0", True), ("no", False), (" 0 ", False)])
def test_what_means_yes_and_no(write, said, meant):
    file = load(write([["text", "bad"], ["a", said]]))
    assert read(file, Columns("text", ["bad"])).rows[0].flags == {"bad": meant}


def test_a_sample_is_the_same_for_the_same_seed_and_keeps_the_order(write):
    file = load(write([["text"], *[[f"{place:03}"] for place in range(100)]]))

    def texts(**how):
        return [row.text for row in read(file, Columns("text"), **how).rows]

    assert len(texts(sample=10)) == 10
    assert texts(sample=10) == texts(sample=10, seed=0) == sorted(texts(sample=10))
    assert texts(sample=10) != texts(sample=10, seed=1)
    assert len(texts(sample=1_000)) == len(texts()) == 100


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("rows.csv", b"", "holds no rows"),
        ("rows.csv", b"text,bad,language\n", "holds no rows"),
        ("rows.jsonl", b"\n", "holds no rows"),
        ("rows.csv", b"text,bad,language\n\xff,1,en\n", "not UTF-8 text \\(byte 18\\): save it as UTF-8"),
        ("rows.csv", b"text,bad\na,1\n", "no column “language”. The file has “text”, “bad”"),
        ("rows.csv", b"text,text,bad\na,a,1\n", "same name"),
        ("rows.csv", b"text,bad,language\na,1\n", "Line 2: the row has not as many fields"),
        ("rows.csv", b"text,bad,language\na,1,en,more\n", "Line 2: the row has not as many fields"),
        ("rows.csv", b'text,bad,language\n"a"b,1,en\n', "Line 2: .*mend the CSV"),
        ("rows.csv", b"text,bad,language\na,perhaps,en\n", "Line 2: “bad” is “perhaps” .*--true and --false"),
        ("rows.csv", b"text,bad,language\n ,1,en\n", "No row has a text in “text”"),
        ("rows.jsonl", b"{\n", "Line 1: this is not JSON"),
        ("rows.jsonl", b"[1]\n", "Line 1: this is no JSON object"),
        ("rows.jsonl", b'{"text": 5, "bad": 1, "language": "en"}\n', "Line 1: “text” is no text"),
        ("rows.jsonl", b'{"text": "a", "bad": NaN, "language": "en"}\n', "“bad” is “nan”"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_why(tmp_path, name, content, why):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile, match=why):
        read(load(path), COLUMNS)


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(BadFile, match="cannot be read"):
            load(path)


@given(content=st.binary(max_size=200), name=st.sampled_from(["fuzz.csv", "fuzz.jsonl"]))
def test_whatever_the_bytes_it_is_read_or_refused(tmp_path_factory, content, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    with suppress(BadFile):
        assert read(load(path), COLUMNS).rows
