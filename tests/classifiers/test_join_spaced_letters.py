"""Letters written apart are read as the word they make; what ordinary writing puts apart stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.normalise import normalise

BETWEEN = [" ", ".", "-", "_", "*", "...", " - ", " * ", "\u00a0"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("k i l l yourself", "kill yourself"),
        ("k.i.l.l", "kill"),
        ("K-I-L-L him", "KILL him"),
        ("f * u * c * k", "fuck"),
        ("k i l l  y o u r s e l f", "kill  yourself"),
        ("I k i l l you", "I kill you"),
        ("what a f u c k e r", "what a fucker"),
        ("you a s s h o l e", "you asshole"),
        ("у б и т ь", "убить"),
        ("k і l l", "kill"),  # with a Ukrainian letter
        ("k\u200b i\u200b l\u200b l", "kill"),
        ("ค ว ย", "ควย"),
        ("เ ห ี้ ย", "เหี้ย"),
    ],
)
def test_letters_apart_read_as_a_word(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "a b c test",
        "J. R. R. Tolkien",
        "J.R.R. Tolkien and C. S. Lewis",
        "choose A B C D or a-b-c-d",
        "for i j k l in grid: x y z w",
        "B H W C",
        "tar -x -v -e -o archive",
        "| a | e | i | o |",
        "a + b + e + i = o",
        "e.g. this, i.e. that, a.k.a. other",
        "it's a b test, I'm a I",
        "1 2 3 4 5",
        "พ.ร.บ. และ ม.ค. ก ข ค ง",
        "จริง ๆ มาก ๆ นะ",
        "나 너 우 리",
        "我 爱 你 们",
        "x y",
    ],
)
def test_ordinary_writing_stays(text):
    assert normalise(text).text == text


def test_the_joined_word_leads_back_to_all_that_was_written():
    text = "please k.i.l.l him"
    read = normalise(text)
    start = read.text.index("kill")
    assert text[slice(*read.span(start, start + 4))] == "k.i.l.l"
    assert text[slice(*read.span(read.text.index("him"), len(read.text)))] == "him"


@given(st.sampled_from(["kill", "idiot", "moron", "пидор", "viagra"]), st.sampled_from(BETWEEN), st.data())
def test_any_word_apart_by_one_mark_is_joined_and_leads_back(word, between, data):
    before = data.draw(st.sampled_from(["", "you ", "(", "ok, "]))
    after = data.draw(st.sampled_from(["", " now", ")", "!"]))
    apart = between.join(word)
    read = normalise(f"{before}{apart}{after}")
    assert read.text == f"{before}{word}{after}"
    start, end = read.span(len(before), len(before) + len(word))
    assert f"{before}{apart}{after}"[start:end] == apart


@given(st.text(alphabet="abkil .-*_กขควยเี้'’1аё\u200b\n", max_size=60), st.data())
def test_spans_always_lie_in_the_text_and_in_order(text, data):
    read = normalise(text)
    start = data.draw(st.integers(0, len(read.text)))
    end = data.draw(st.integers(start, len(read.text)))
    first, last = read.span(start, end)
    assert 0 <= first <= last <= len(text)
    assert (first < last) == (start < end)
    assert list(read.origins) == sorted(read.origins)


def test_a_long_row_of_letters_takes_no_longer_than_its_length():
    assert normalise("a " * 50_000 + "b").text
    assert normalise("a.b" * 50_000).text
