"""Reading a card: README.md with YAML front matter (A5)."""

from dataclasses import dataclass, field
from typing import Any

from repositories.card import gating, values
from repositories.card.categories import categories_in, slug_of
from repositories.card.documentation import missing_documentation
from repositories.card.front import split
from repositories.card.gating import GatedField
from repositories.card.matter import read_matter
from repositories.card.sections import sections

NFAA_TAG = "not-for-all-audiences"


@dataclass(frozen=True)
class Card:
    """What a card says of itself; broken front matter is kept as `problem` and read as empty."""

    body: str
    title: str = ""
    license: str = ""
    tags: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    pipeline_tag: str = ""
    library: str = ""
    base_models: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    ethical_categories: list[str] = field(default_factory=list)
    missing_documentation: list[str] = field(default_factory=list)
    gated_heading: str = ""
    gated_prompt: str = ""
    gated_button: str = ""
    gated_fields: list[GatedField] = field(default_factory=list)
    matter: dict[str, Any] = field(default_factory=dict)
    nfaa: bool = False
    problem: str = ""


def read_card(text: str) -> Card:
    """Parse README.md. Never raises: people's cards contain anything."""
    front = split(text)
    matter, problem = read_matter(front.matter)
    tags = values.words(matter.get("tags"), longest=80, most=1_000)
    base_models = values.words(matter.get("base_model"), longest=200, most=20)
    datasets = values.words(matter.get("datasets"), longest=200, most=50)
    return Card(
        body=front.body,
        title=_title(front.body),
        license=values.word(matter.get("license"), longest=60),
        tags=tags[:100],
        languages=values.words(_languages(matter.get("language")), longest=20, most=50),
        pipeline_tag=values.word(matter.get("pipeline_tag"), longest=60),
        library=values.word(matter.get("library_name"), longest=60),
        base_models=[one for one in base_models if values.is_model(one)],
        datasets=[one for one in datasets if values.is_dataset(one)],
        ethical_categories=categories_in([*values.words(matter.get("ethical_categories"), longest=80, most=50), *tags]),
        missing_documentation=missing_documentation(front.body),
        gated_heading=values.word(matter.get("extra_gated_heading"), longest=200),
        gated_prompt=gating.prompt_in(matter),
        gated_button=values.word(matter.get("extra_gated_button_content"), longest=60),
        gated_fields=gating.fields_in(matter),
        matter=values.json_safe(matter),
        nfaa=any(slug_of(tag) == NFAA_TAG for tag in tags),
        problem=problem,
    )


def _title(body: str) -> str:
    return values.clean(next((section.title for section in sections(body) if section.level == 1), ""))[:200]


def _languages(value: Any) -> Any:
    """YAML reads the code of Norwegian, no, as false."""
    return ["no" if one is False else one for one in (value if isinstance(value, list) else [value])]
