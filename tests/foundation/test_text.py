import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from foundation.text import clean_text


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
