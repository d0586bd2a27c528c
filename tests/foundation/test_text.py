import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from foundation.text import clean_text, required_text


@pytest.mark.parametrize(("raw", "clean"), [("  a\r\nb\r", "a\nb"), ("สวัสดี", "สวัสดี"), ("👩‍🔬 e\u0301", "👩‍🔬 e\u0301")])
def test_keeps_what_people_write(raw: str, clean: str) -> None:
    assert clean_text(raw, longest=100) == clean


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\u202eb", "a\u2066b", "a\u2060b", "a\ud800b"])
def test_names_the_invisible_character(bad: str) -> None:
    with pytest.raises(ValidationError, match="Character 2 is invisible") as refused:
        clean_text(bad, longest=100)
    assert f"U+{ord(bad[1]):04X}" in str(refused.value)


def test_says_how_much_too_long() -> None:
    with pytest.raises(ValidationError, match=r"101 characters.*at most 100"):
        clean_text("a" * 101, longest=100)


@given(st.text())
def test_what_is_accepted_is_accepted_unchanged_again(text: str) -> None:
    try:
        once = clean_text(text, longest=1000)
    except ValidationError:
        return
    assert clean_text(once, longest=1000) == once


JOINERS = "\u200b\u200c\u200d\u200e\u200f"


@given(st.text(alphabet=f" \n\t\u00a0\u3000{JOINERS}\ufe0f\u0301\u20e3\u3164\u2800"))
def test_what_nobody_can_see_is_empty(text: str) -> None:
    assert clean_text(text, longest=1000) == ""
    with pytest.raises(ValidationError, match="required"):
        required_text(text, longest=1000)


ORDINARY = [
    "สวัสดีครับ",
    "น้ำ",
    "👨\u200d👩\u200d👧\u200d👦",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "क्ष",
    "हिन्दी",
    "क्\u200dष",
    "می\u200cخواهم",
    "한글",
    ".",
    "0",
]


@given(st.lists(st.sampled_from(ORDINARY), min_size=1), st.sampled_from([" ", "\n", "\u200b"]))
def test_ordinary_texts_stay_as_they_are(parts: list[str], between: str) -> None:
    text = between.join(parts)
    assert clean_text(text, longest=10_000) == required_text(text, longest=10_000) == text
