"""Text as it reads: what is folded, what other scripts keep, and the way back to the characters as written."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.lookalikes import disguises, letters
from classifiers.normalise import normalise

ODD = "pay аеорсух αορν gοοgle \u200b\u200d\u00ad\ufe0f ＦＲＥＥ 𝗯𝗼 ﬁ ﷺ ⓕⓡⓔⓔ ᴠɪᴀ กำลัง می‌خواهم क्‍ष 👨‍👩‍👧 é ß İ \ud800"
LIKE: dict[str, list[str]] = {}
for _odd, (_plain, _script) in letters().items():
    LIKE.setdefault(_plain, []).append(_odd)
texts = st.text() | st.text(alphabet=ODD, max_size=80)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("р\u0430ypal", "paypal"),
        ("pay\u200bpal", "paypal"),
        ("p\u200da\u2060y\ufe0fpal", "paypal"),
        ("НELLO ІPHONE Αpple", "HELLO IPHONE Apple"),
        ("gοοgle pαypal", "google paypal"),
        ("аutонome", "autohome"),
        ("ＦＲＥＥ 𝗯𝗼𝗹𝗱 ⓕⓡⓔⓔ ﬁne", "FREE bold free fine"),
        ("ᴠɪᴀɢʀᴀ", "viagra"),
        ("hyphen\u00adated", "hyphenated"),
    ],
)
def test_words_read_as_they_look(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "ใช้\u200bGPU\u200bได้ กำลังโหลดโมเดลAIอยู่",  # Thai, with the breaks it needs and Latin words inside
        "می\u200cخواهم این مدل را امتحان کنم، نسخهٔ PDF",
        "क्\u200dष और GPUमें मॉडल चलाना",
        "👨‍👩‍👧‍👦 nice work 👩‍💻 1️⃣ ❤️",
        "μTransfer, λmax, αmax, dαdt, Δx, σ-algebra, softmaxσ, ρmin, β1, 10 μm",
        "Это просто токен модели, tokenа, APIха, PDFом, cервер",
        "Η λέξη είναι ελληνική και το PDFο επίσης",
        "Schön, naïve façade, Łódź, İstanbul, kızım, Tiếng Việt",
        "/bɪt/ is how one says it",
        "使用GPU训练，ＡＰＩ",
    ],
)
def test_ordinary_writing_is_no_disguise(text):
    assert disguises(text) == []


@pytest.mark.parametrize("text", ["ใช้\u200bได้ กำลัง", "می\u200cخواهم", "क्\u200dष", "👨‍👩‍👧‍👦", "х = у", "naïve"])
def test_what_other_scripts_need_stays(text):
    assert normalise(text).text == text


def test_a_disguise_says_what_it_is():
    (mixed, hidden, styled) = disguises("Log in at р\u0430ypal, pay\u200b\u200dpal or 𝗽𝗮𝘆𝗽𝗮𝗹.")
    assert (mixed.reads, mixed.scripts, mixed.hidden) == ("paypal", ("Cyrillic",), ())
    assert (hidden.reads, hidden.scripts, hidden.hidden) == ("paypal", (), ("U+200B", "U+200D"))
    assert (styled.styled, styled.misleads) == (True, False)
    assert mixed.misleads
    assert hidden.misleads


def test_a_soft_hyphen_misleads_nobody():
    assert not any(one.misleads for one in disguises("hyphen\u00adated"))


def test_spans_lead_back_to_what_was_written():
    text = "Log in at р\u0430y\u200bpal now ﬁrst"
    read = normalise(text)
    start = read.text.index("paypal")
    assert text[slice(*read.span(start, start + 6))] == "р\u0430y\u200bpal"
    assert text[slice(*read.span(read.text.index("first"), read.text.index("first") + 1))] == "ﬁ"
    assert read.span(3, 3) == (0, 0)


@given(texts, st.data())
def test_every_span_of_what_is_read_is_a_span_of_what_was_written(text, data):
    read = normalise(text)
    assert len(read.origins) == len(read.text)
    assert all(before <= after for before, after in pairwise(read.origins))
    start = data.draw(st.integers(0, len(read.text)))
    end = data.draw(st.integers(start, len(read.text)))
    first, last = read.span(start, end)
    assert 0 <= first <= last <= len(text)
    assert (first < last) == (start < end)
    wider = read.span(start, len(read.text))
    assert start == end or (wider[0] == first and wider[1] >= last)


# Letters that grow when their case changes: İ, ŉ, ǰ, ΐ, ﬁ.
GROWING = [one for one in map(chr, range(0x110000)) if len(one.lower() + one.upper() + one.casefold()) > 3]


@pytest.mark.parametrize("apart", [" ", ".", "-", " - "])
def test_letters_apart_that_grow_with_their_case_are_read(apart):
    for letter in GROWING:
        for written in (f"{letter}stanbul", f"bu{letter}san"):
            assert normalise(apart.join(written)).origins
    assert normalise(apart.join("İstanbul")).text == "İstanbul"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["", " ", ".", " - "]),
    st.lists(st.characters(exclude_categories=()) | st.sampled_from([*GROWING, *"aeiskกา่\u200b"]), max_size=12),
)
def test_no_text_fails_whatever_its_characters_are_apart_by(apart, characters):
    text = apart.join(characters)
    read = normalise(text)
    assert len(read.origins) == len(read.text)
    assert all(0 <= origin < len(text) for origin in read.origins)
    assert all(before <= after for before, after in pairwise(read.origins))


@given(st.text(alphabet="abcdeghijklmnopqrstuvwxyz", min_size=5), st.data())
def test_a_disguised_word_reads_as_the_word(word, data):
    """Any of its letters but the first and the last from another script, with something hidden between any two."""
    disguised = word[0]
    for letter in word[1:-1]:
        disguised += data.draw(st.sampled_from([letter, *LIKE.get(letter, ())]))
        disguised += data.draw(st.sampled_from(["", "", "\u200b", "\u200d\ufe0f"]))
    assert normalise(f"{disguised}{word[-1]} here").text == f"{word} here"


@given(texts)
def test_disguises_are_words_of_the_text_in_its_order(text):
    found = disguises(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(one.start <= place < one.end for one in found for place in one.folds)
