"""Reading a card: README.md with YAML front matter (A5)."""

from dataclasses import dataclass, field
from typing import Any

import yaml

NFAA_TAG = "not-for-all-audiences"


@dataclass(frozen=True)
class Card:
    """What a card says of itself; broken front matter is kept as `problem` and read as empty."""

    body: str
    title: str = ""
    license: str = ""
    tags: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def nfaa(self) -> bool:
        return NFAA_TAG in self.tags


def read_card(text: str) -> Card:
    """Parse README.md. Never raises: people's cards contain anything."""
    matter, body = _split(text)
    values, problem = read_matter(matter)
    return Card(
        body=body,
        title=_heading(body),
        license="".join(_words(values.get("license"))[:1])[:60],
        tags=[tag[:80] for tag in _words(values.get("tags"))][:100],
        languages=[language[:20] for language in _words(values.get("language"))][:50],
        problem=problem,
    )


class _Loader(yaml.SafeLoader):
    """Without aliases: a card needs none, and a few lines of nested ones would fill any memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(problem="aliases (*name) are not read")
        return super().compose_node(parent, index)


def read_matter(matter: str) -> tuple[dict[Any, Any], str]:
    """The keys and values of front matter, and what is wrong with it ("" when nothing is). Never raises."""
    try:
        values = yaml.load(matter, _Loader) if matter else {}  # noqa: S506 - a SafeLoader
    except Exception as error:  # noqa: BLE001 - tags such as "!!bool x" make the reader raise whatever comes
        return {}, str(error)
    if not isinstance(values, dict):
        return {}, "The front matter is not a list of keys and values."
    return values, ""


def body_of(text: str) -> str:
    """README.md without its front matter; far cheaper than reading the YAML of a stranger for every visitor."""
    return _split(text)[1]


def _split(text: str) -> tuple[str, str]:
    if not text.startswith("---\n"):
        return "", text
    matter, separator, body = text[4:].partition("\n---")
    return (matter, body.lstrip("\n")) if separator else ("", text)


def _heading(body: str) -> str:
    for line in body.splitlines():
        if line.startswith("# "):
            return line[2:].strip()[:200]
    return ""


def _words(value: Any) -> list[str]:
    """The single values in a value of front matter, as text that the database takes."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one).replace("\x00", "").encode(errors="ignore").decode() for one in values if _is_word(one)]


def _is_word(value: Any) -> bool:
    # Of a number with thousands of digits Python refuses to write them.
    return isinstance(value, str | bool | float) or (isinstance(value, int) and value.bit_length() < 1_000)
