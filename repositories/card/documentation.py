"""Whether a card documents risks, limitations and intended use (A5, A10)."""

import re
import unicodedata

from repositories.card.documentation_words import HEADINGS, PLACEHOLDERS, PROSE
from repositories.card.sections import LABEL, Section, sections

# Fewer letters under a heading say nothing; without a heading, a paragraph must have some length to count.
SHORTEST_SECTION = 5
SHORTEST_PARAGRAPH = 80
# Scripts that write a word in one or two characters: a character of theirs counts as three.
_DENSE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARKUP = re.compile(
    r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)|<[^<>\n]{0,500}>|\{\{[^{}\n]{0,500}\}\}|https?://\S{1,2000}"
)


def missing_documentation(body: str) -> list[str]:
    """Which of "risks", "limitations" and "intended_use" the Markdown `body` does not document.

    A heading counts when words stand below it, other than those of a template that nobody filled in. Without one, a
    paragraph about it counts.
    """
    found = [_normalized(one) for one in sections(body)]
    return [topic for topic in HEADINGS if not _is_headed(topic, found) and not _is_told(topic, found)]


def _normalized(section: Section) -> Section:
    text = unicodedata.normalize("NFC", "\n".join(section.lines)).casefold()
    text = PLACEHOLDERS.sub("", _MARKUP.sub("", text))
    return Section(section.level, unicodedata.normalize("NFC", section.title).casefold(), text.split("\n"))


def _is_headed(topic: str, found: list[Section]) -> bool:
    # A first heading of the first level names the thing: a "risk classifier" has not documented its risks.
    name = next((place for place, one in enumerate(found) if 0 < one.level < LABEL), 0)
    return any(
        HEADINGS[topic].search(section.title) and _below(place, found) >= SHORTEST_SECTION
        for place, section in enumerate(found)
        if place != name or section.level != 1
    )


def _below(place: int, found: list[Section]) -> int:
    """How many letters stand under a heading, those under deeper headings included."""
    letters = _letters("\n".join(found[place].lines))
    for section in found[place + 1 :]:
        if section.level <= found[place].level or letters >= SHORTEST_SECTION:
            break
        letters += _letters("\n".join(section.lines))
    return letters


def _is_told(topic: str, found: list[Section]) -> bool:
    paragraphs = (part for section in found for part in "\n".join(_told(section)).split("\n\n"))
    return any(PROSE[topic].search(one) and _letters(one) >= SHORTEST_PARAGRAPH for one in paragraphs)


def _told(section: Section) -> list[str]:
    return [section.title, *section.lines] if section.level == LABEL else section.lines


def _letters(text: str) -> int:
    return sum(one.isalnum() for one in text) + 2 * len(_DENSE.findall(text))
