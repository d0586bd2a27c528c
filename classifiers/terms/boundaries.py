"""Whether a find is a word of its own, in scripts with spaces between words and in those without."""

import unicodedata

from classifiers.terms.thai import Runs, is_thai

# Scripts that write words without spaces and that we have no dictionary for: any place between letters may be an end.
_UNSPACED = (
    (0x0E80, 0x0EFF),  # Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Kana
    (0x3400, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
# Endings are written onto the word, so that its end says nothing.
_HANGUL = ("\uac00", "\ud7a3")


class Words:
    """Whether what stands in a text is a word there."""

    def __init__(self, text: str) -> None:
        self._text, self._thai = text, Runs(text)

    def is_word(self, start: int, end: int) -> bool:
        """Whether `start` to before `end` begins and ends where words do. Thai is asked of a dictionary."""
        text = self._text
        if is_thai(text[start]) and is_thai(text[end - 1]):
            return self._thai.stands_alone(start, end)
        return _ends_before(text, start) and _ends_before(text, end)


def _ends_before(text: str, place: int) -> bool:
    if place in (0, len(text)):
        return True
    before, after = text[place - 1], text[place]
    if unicodedata.category(after)[0] == "M":
        return False
    if not (before.isalnum() and after.isalnum()):
        return True
    return _kind(before) != _kind(after) or _is_unspaced(after) or is_thai(after) or _is_hangul_ending(before, after)


def _kind(letter: str) -> int:
    """0 for letters and digits of scripts with spaces; a number of its own for each other script."""
    if is_thai(letter):
        return 1
    return next((2 + place for place, (first, last) in enumerate(_UNSPACED) if first <= ord(letter) <= last), 0)


def _is_unspaced(letter: str) -> bool:
    return _kind(letter) > 1


def _is_hangul_ending(before: str, after: str) -> bool:
    first, last = _HANGUL
    return first <= before <= last and first <= after <= last
