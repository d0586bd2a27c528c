"""What is wrong with front matter, in words that say what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from repositories.card.values import clean

Level = Literal["error", "warning"]
ERROR: Level = "error"
WARNING: Level = "warning"


@dataclass(frozen=True)
class CardProblem:
    """`line` counts from 1 in README.md; `key` is dotted, such as "tags[2]", and empty for the whole.

    With an error, programs cannot read the front matter or what it says; with a warning they can.
    """

    line: int
    key: str
    level: Level
    text: str | Promise
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What to do, in the language of whoever looks."""
        return str(self.text) % self.params if self.params else str(self.text)

    def __str__(self) -> str:
        """The message with its place."""
        place = {"line": self.line, "key": self.key, "message": self.message}
        return (_("Line %(line)s, %(key)s: %(message)s") if self.key else _("Line %(line)s: %(message)s")) % place


def shown(value: object) -> str:
    """A value of somebody's front matter as a message shows it: short, and only what a page can show."""
    text = " ".join(clean(str(value)).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def errors_in(problems: list[CardProblem]) -> list[CardProblem]:
    """Those with which programs cannot read the front matter, or what it says."""
    return [one for one in problems if one.level == ERROR]


def warnings_in(problems: list[CardProblem]) -> list[CardProblem]:
    """Those that leave something unsaid or unclear."""
    return [one for one in problems if one.level == WARNING]
