"""Where an artifact says it comes from: the card's own words (A9)."""

from dataclasses import dataclass
from typing import Any

from repositories.card import read_matter

LONGEST_MATTER = 20_000


@dataclass(frozen=True)
class Lineage:
    """Base models and data sets that a card names; empty where it names none."""

    base_models: list[str]
    datasets: list[str]


def lineage_of(card: str) -> Lineage:
    """The lineage in the front matter of `card`. Never raises: people's cards contain anything."""
    if not card.startswith("---\n"):
        return Lineage([], [])
    matter = card[4:].partition("\n---")[0]
    values, _problem = read_matter(matter if len(matter) <= LONGEST_MATTER else "")
    return Lineage(_names(values.get("base_model")), _names(values.get("datasets")))


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one)[:100] for one in values if isinstance(one, str)][:10]
