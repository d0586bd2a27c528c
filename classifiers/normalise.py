"""Text as it reads, for classifiers and comparisons, with the way back to the characters as they were written."""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from classifiers.lookalikes import Disguise, disguises
from classifiers.spaced import separators

# Where characters that Unicode takes for others may be: all but ideographs and Hangul, to save the time to look.
_BLOCKS = (range(0x80, 0x3400), range(0xA640, 0xAC00), range(0xD7A4, 0x20000), range(0x2F800, 0x2FA20))
_BEHIND = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` as it reads; its character at an index came from that of the original at `origins[index]`."""

    text: str
    origins: Sequence[int]
    disguises: tuple[Disguise, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that became `start` to before `end` of `text`, 0 to 0 for none of it.

        Raises IndexError outside of the text.
        """
        if start >= end:
            return 0, 0
        return self.origins[start], self.origins[end - 1] + 1


def normalise(text: str) -> Normalised:
    """`text` with plain letters in the place of wide, styled and look-alike ones, without what hides between letters
    or only keeps those of a word apart ("k i l l").

    Character by character, so that every one keeps its place; case, accents and line ends stay. Takes any string.
    """
    found = disguises(text)
    read, origins = _plain(text, found)
    if gaps := separators(read):
        read, origins = _without(gaps, read, origins)
        # Look-alikes show only in a word, which letters apart were none of.
        hidden = disguises(read)
        found += [_moved(one, origins) for one in hidden]
        read, inner = _plain(read, hidden)
        origins = array("I", (origins[place] for place in inner))
    return Normalised(read, origins, tuple(found))


def _moved(one: Disguise, origins: Sequence[int]) -> Disguise:
    """`one` with the places of the text that `origins` lead to."""
    folds = {origins[place]: reading for place, reading in one.folds.items()}
    return replace(one, start=origins[one.start], end=origins[one.end - 1] + 1, folds=folds)


def _plain(text: str, found: Sequence[Disguise]) -> tuple[str, Sequence[int]]:
    if not found and (text.isascii() or not _is_composed(text)):
        return text, range(len(text))
    folds = {place: reading for one in found for place, reading in one.folds.items()}
    parts: list[str] = []
    origins = array("I")
    for place, character in enumerate(text):
        reading = folds.get(place)
        if reading is None:
            reading = character if character.isascii() else _compatible(character)
        parts.append(reading)
        origins.extend([place] * len(reading))
    return "".join(parts), origins


def _without(gaps: Sequence[tuple[int, int]], text: str, origins: Sequence[int]) -> tuple[str, Sequence[int]]:
    parts: list[str] = []
    kept = array("I")
    done = 0
    for start, end in [*gaps, (len(text), len(text))]:
        parts.append(text[done:start])
        kept.extend(origins[done:start])
        done = end
    return "".join(parts), kept


def _compatible(character: str) -> str:
    """What Unicode takes for the same: a for ａ and 𝐚, fi for ﬁ. Not the Thai ำ, whose parts nobody writes."""
    plain = unicodedata.normalize("NFKC", character)
    return character if unicodedata.category(plain[0]).startswith("M") else plain


def _is_composed(text: str) -> bool:
    """Whether `_compatible` changes any character: of most texts none."""
    first, behind = _composed()
    return bool(first.search(text) or (_BEHIND.search(text) and behind.search(text)))


@cache
def _composed() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What `_compatible` changes of the first 65,536 characters, which a pattern looks up at once, and of others."""
    runs: list[list[int]] = []
    for code in chain.from_iterable(_BLOCKS):
        if _compatible(chr(code)) != chr(code):
            if runs and runs[-1][1] == code - 1:
                runs[-1][1] = code
            else:
                runs.append([code, code])
    first, behind = (
        "".join(f"{re.escape(chr(start))}-{re.escape(chr(end))}" for start, end in runs if (start > 0xFFFF) is large)
        for large in (False, True)
    )
    return re.compile(f"[{first}]"), re.compile(f"[{behind}]")
