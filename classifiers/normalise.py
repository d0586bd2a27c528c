"""Text as it reads, for classifiers and comparisons, with the way back to the characters as they were written."""

import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.lookalikes import Disguise, disguises


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
    """`text` with plain letters in the place of wide, styled and look-alike ones, without what hides between letters.

    Character by character, so that every one keeps its place; case, accents and line ends stay. Takes any string.
    """
    if text.isascii():
        return Normalised(text, range(len(text)), ())
    found = tuple(disguises(text))
    folds = {place: reading for one in found for place, reading in one.folds.items()}
    parts: list[str] = []
    origins = array("I")
    for place, character in enumerate(text):
        reading = folds.get(place)
        if reading is None:
            reading = character if character.isascii() else _compatible(character)
        parts.append(reading)
        origins.extend([place] * len(reading))
    return Normalised("".join(parts), origins, found)


def _compatible(character: str) -> str:
    """What Unicode takes for the same: a for ａ and 𝐚, fi for ﬁ. Not the Thai ำ, whose parts nobody writes."""
    plain = unicodedata.normalize("NFKC", character)
    return character if unicodedata.category(plain[0]).startswith("M") else plain
