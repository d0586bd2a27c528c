"""Importing comments: streaming, a line number for a bad row, safe to run twice."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import PostingRestriction
from community.models import Comment, Discussion


def texts() -> list[str]:
    return list(Comment.objects.exclude(author__username="imports").order_by("pk").values_list("text", flat=True))


@pytest.fixture
def csv_file(tmp_path):
    def write(content: str, name: str = "comments.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_csv_rows_become_comments_in_order(db, csv_file, capsys) -> None:
    call_command("import_comments", csv_file('text,label\nfirst,1\n"two\nlines, ""quoted""",0\nสวัสดี,0\n'))
    assert texts() == ["first", 'two\nlines, "quoted"', "สวัสดี"]


def test_json_lines_too(db, csv_file, capsys) -> None:
    call_command("import_comments", csv_file('{"text": "one"}\n{"text": "two", "id": 7}\n', "comments.jsonl"))
    assert texts() == ["one", "two"]


def test_a_second_run_imports_nothing_twice_and_equal_texts_stay_two(db, csv_file, capsys) -> None:
    path = csv_file("text\nsame\nsame\nother\n")
    for _run in range(2):
        call_command("import_comments", path)
    assert texts() == ["same", "same", "other"]
    assert Discussion.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "complaint"),
    [
        ("words\nx\n", "c.csv", "Line 1: the file needs a header"),
        ("text\nfine\n   \n", "c.csv", "Line 3: the text is empty"),
        ('{"text": "fine"}\n{"text": 5}\n', "c.jsonl", "Line 2: there is no text"),
        ('{"text": "fine"}\nnot json\n', "c.jsonl", "Line 2: this is not JSON"),
        ("text\nfine\n" + "x" * 70_000 + "\n", "c.csv", "Line 3: the text has 70000 characters"),
    ],
)
def test_a_bad_row_is_named_by_its_line(db, csv_file, content, name, complaint) -> None:
    with pytest.raises(CommandError, match=complaint):
        call_command("import_comments", csv_file(content, name))


def test_after_mending_a_bad_row_the_rest_comes_in_once(db, csv_file, capsys) -> None:
    with pytest.raises(CommandError, match="The 2 comments before it"):
        call_command("import_comments", csv_file("text\na\nb\n \nc\n"))
    call_command("import_comments", csv_file("text\na\nb\nmended\nc\n"))
    assert texts() == ["a", "b", "mended", "c"]


def test_other_encodings_are_refused(db, tmp_path) -> None:
    (tmp_path / "c.csv").write_bytes(b"text\ncaf\xe9\n")
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("import_comments", tmp_path / "c.csv")


def test_a_missing_file_is_named(db, tmp_path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_comments", tmp_path / "none.csv")


def test_nobody_is_banned_by_an_import(db, csv_file, capsys) -> None:
    call_command("import_comments", csv_file("text\nidiot\n"))
    assert not PostingRestriction.objects.exists()


@pytest.mark.parametrize("address", ["imports", "imports/", "api/x", "a b/c"])
def test_a_bad_address_of_the_dataset_is_explained(db, csv_file, address) -> None:
    with pytest.raises(CommandError):
        call_command("import_comments", csv_file("text\nfine\n"), repository=address)
    assert not Comment.objects.exists()


def test_the_bar_reaches_the_end_of_the_file(db, csv_file, capsys) -> None:
    call_command("import_comments", csv_file("text\n" + "a comment\n" * 5))
    assert "100%" in capsys.readouterr().err
