"""What a card asks of whoever wants the files of a gated repository, as the hub's cards say it (A3)."""

from dataclasses import dataclass, field
from typing import Any

from repositories.card.values import word, words

FIELD_TYPES = ("text", "checkbox", "date_picker", "country", "select")
# What cards write as well.
FIELD_TYPE_NAMES = {**{name: name for name in FIELD_TYPES}, "date": "date_picker"}
MOST_FIELDS = 30
MOST_OPTIONS = 200
LONGEST_LABEL = 200
LONGEST_PROMPT = 10_000


@dataclass(frozen=True)
class GatedField:
    """One question of the form: `type` is one of FIELD_TYPES, `options` are those of a select."""

    label: str
    type: str
    options: list[str] = field(default_factory=list)


def prompt_in(values: dict[Any, Any]) -> str:
    """The conditions that front matter states, in Markdown."""
    return word(values.get("extra_gated_prompt"), longest=LONGEST_PROMPT)


def fields_in(values: dict[Any, Any]) -> list[GatedField]:
    """The questions that front matter asks; what we cannot ask is left out."""
    asked = values.get("extra_gated_fields")
    found = [_field(*one) for one in asked.items()] if isinstance(asked, dict) else []
    return [one for one in found if one][:MOST_FIELDS]


def _field(label: Any, asked: Any) -> GatedField | None:
    details = asked if isinstance(asked, dict) else {"type": asked}
    label, kind = word(label, longest=LONGEST_LABEL), details.get("type")
    kind = FIELD_TYPE_NAMES.get(kind.strip().lower()) if isinstance(kind, str) else None
    options = _options(details.get("options")) if kind == "select" else []
    return GatedField(label, kind, options) if label and kind and (options or kind != "select") else None


def _options(value: Any) -> list[str]:
    """What people choose from: words, or {label, value}, of which the label is what they read."""
    values = value if isinstance(value, list) else []
    labels = [one.get("label", one.get("value")) if isinstance(one, dict) else one for one in values]
    return words(labels, longest=LONGEST_LABEL, most=MOST_OPTIONS)
