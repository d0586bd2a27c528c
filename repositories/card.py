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
    problem = ""
    try:
        values = yaml.safe_load(matter) if matter else {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        values, problem = {}, str(error)
    if not isinstance(values, dict):
        values, problem = {}, "The front matter is not a list of keys and values."
    return Card(
        body=body,
        title=_heading(body),
        license=_words(values.get("license"))[:1][0][:60] if _words(values.get("license")) else "",
        tags=[tag[:80] for tag in _words(values.get("tags"))][:100],
        languages=[language[:20] for language in _words(values.get("language"))][:50],
        problem=problem,
    )


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
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one).replace("\x00", "") for one in values if isinstance(one, str | int | float | bool)]
