"""Where the front matter of README.md stands, and what stands below it."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

_LINE_ENDS = re.compile(r"\r\n?")
_OPENING = re.compile(r"[ \t\n]*---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Front:
    """README.md in two parts. `line` is the line of the file, counted from 1, on which the front matter begins.

    `opened` says whether there is front matter; it is `closed` where a second line “---” ends it, and read as the body
    otherwise.
    """

    matter: str
    body: str
    line: int = 1
    opened: bool = False
    closed: bool = False

    def line_of(self, index: int) -> int:
        """The line of the file, counted from 1, on which the character at `index` of the front matter stands."""
        return self.line + bisect_left(self._line_ends, index)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [place for place, character in enumerate(self.matter) if character == "\n"]


def split(text: str) -> Front:
    """Take README.md apart, whatever its line ends and with or without a byte order mark. Never raises."""
    text = _LINE_ENDS.sub("\n", text.removeprefix("\ufeff"))
    opening = _OPENING.match(text)
    if not opening:
        return Front("", text)
    line = text.count("\n", 0, opening.end()) + 1
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        return Front("", text, line, opened=True)
    return Front(text[opening.end() : closing.start()], text[closing.end() :].lstrip("\n"), line, True, True)


def body_of(text: str) -> str:
    """README.md without its front matter; far cheaper than reading the YAML of a stranger for every visitor."""
    return split(text).body
