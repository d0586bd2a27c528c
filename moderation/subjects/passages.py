"""Whether words that somebody quotes stand in a content (C1).

A reader selects them on the page, the content is kept as it was written: so letters, digits and emoji are compared, as
they read, with those of the Markdown and with those of what it becomes.
"""

import html
import re
import unicodedata
from functools import cached_property

from classifiers.normalise import normalise
from community.models import Comment, Discussion
from foundation import markdown
from moderation.subjects.content import Content, content_of
from moderation.subjects.lookup import Target
from moderation.subjects.models import Subject
from repositories.access import Viewer, access
from repositories.holding import shown_card
from repositories.models import Repository

RENDERING = 10

_TAG = re.compile(r"<[^>]*>")
_VARIATIONS = range(0xFE00, 0xFE10)  # whether a sign is drawn in colour


class TooMuch(Exception):  # noqa: N818 - reads as what happened
    """It would take too long to say whether words stand there."""


class Budget:
    """How many characters may be read to find words. To render one costs as much as to read ten."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def spend(self, characters: int) -> None:
        """Raise TooMuch where so many are not left."""
        if characters > self.left:
            raise TooMuch
        self.left -= characters


class Words:
    """A content in which passages are looked for: as it was written, and, if `is_markdown`, as readers see it.

    Each costs its characters of the budget, once.
    """

    def __init__(self, text: str, *, budget: Budget, is_markdown: bool = True) -> None:
        self._text, self._budget, self._is_markdown = text, budget, is_markdown

    def hold(self, passage: str) -> bool:
        """Whether `passage` stands there; where it has no letters, as it is but for spaces.

        Raises TooMuch where it was not found before the budget was spent.
        """
        if wanted := _as_read(passage):
            return wanted in self._plain or (self._is_markdown and wanted in self._plain_rendered)
        line = _one_line(passage)
        return line in self._line or (self._is_markdown and line in _one_line(self._rendered))

    @cached_property
    def _rendered(self) -> str:
        self._budget.spend(RENDERING * len(self._text))
        return html.unescape(_TAG.sub("", markdown.render(self._text)))

    @cached_property
    def _plain(self) -> str:
        self._budget.spend(len(self._text))
        return _as_read(self._text)

    @cached_property
    def _line(self) -> str:
        self._budget.spend(len(self._text))
        return _one_line(self._text)

    @cached_property
    def _plain_rendered(self) -> str:
        return _as_read(self._rendered)


def shown_to(target: Target, viewer: Viewer, seen: Content | None = None) -> str:
    """What `viewer`, who reports `target`, may read of it now, or of the single file that was `seen`.

    Nothing that is hidden, and no earlier version: whoever asks whether words stand there learns nothing else (B2).
    """
    if seen is not None:
        return seen.whole
    if isinstance(target, Comment):
        return target.text
    if isinstance(target, Repository):
        return f"{target.full_name}\n{shown_card(target, access(target, viewer))}"
    if isinstance(target, Discussion):
        first = target.comments.filter(position=1).first()
        return f"{target.title}\n{first.text if first else ''}"
    return content_of(Subject(**{type(target).__name__.lower(): target})).whole


def _as_read(text: str) -> str:
    """Letters, digits and emoji alone: the same whatever the case, the spaces and the marks of Markdown."""
    plain = unicodedata.normalize("NFKC", normalise(text).text).casefold()
    return plain if plain.isascii() and plain.isalnum() else "".join(filter(_counts, plain))


def _counts(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    if ord(character) in _VARIATIONS:
        return False
    category = unicodedata.category(character)
    return category[0] in "LMN" or category in ("So", "Sk", "Sc")


def _one_line(text: str) -> str:
    return " ".join(text.split())
