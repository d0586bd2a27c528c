import pytest

from classifiers.evaluation.rows import BadFile
from classifiers.evaluation.terms import finder, read_terms, split


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("African   American and gay people", {"african american", "gay"}),
        ("Americans say gaysomething", set()),
        ("I am African, not American.", {"african", "american"}),
        ("middle-aged, middle aged", {"middle aged"}),
        ("GAY!", {"gay"}),
        ("", set()),
    ],
)
def test_whole_words_are_found_and_the_longer_first(text, found):
    assert finder(read_terms())(text) == found


def test_a_cell_names_several():
    assert split(" Gay ;  middle   aged;;") == {"gay", "middle aged"}
    assert split("") == frozenset()


def test_a_list_of_ones_own(tmp_path):
    path = tmp_path / "terms.txt"
    path.write_text("\ufeff# ours\nC++  people\n\nc++ people\n(x)\n", encoding="utf-8")
    assert read_terms(path) == ["c++ people", "(x)"]
    assert finder(read_terms(path))("the C++ people (x)") == {"c++ people", "(x)"}


def test_a_list_that_cannot_be_used(tmp_path):
    path = tmp_path / "terms.txt"
    with pytest.raises(BadFile, match="cannot be read"):
        read_terms(path)
    path.write_text("# nothing\n")
    with pytest.raises(BadFile, match="holds no terms"):
        read_terms(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadFile, match="UTF-8"):
        read_terms(path)
