"""The conditions of a gated repository: as its owner saved them, else as the card states them, else plain ones (A3)."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from repositories.access import Access
from repositories.card.front import split
from repositories.card.gating import fields_in, prompt_in
from repositories.card.values import word
from repositories.gating.fields import Field, field_of
from repositories.models import AccessConditions, AccessRequest, Gating, Repository

# Our names for what cards call otherwise.
_TYPES = {"date_picker": "date"}


@dataclass(frozen=True)
class Conditions:
    """What a page asks of whoever wants the files; `text` is Markdown. `saved` says that they are from the settings."""

    heading: str
    text: str = ""
    button: str = ""
    fields: tuple[Field, ...] = ()
    ask_again: bool = False
    saved: bool = False

    @property
    def agreed(self) -> str:
        """What a person agrees to, in Markdown and in the active language: kept with the request."""
        shared = _(
            "The owner of the repository gets my user name, my full name, my e-mail address and the answers I give."
        )
        return "\n\n".join(filter(None, [f"**{self.heading}**", self.text, shared]))

    @property
    def digest(self) -> str:
        """Changes with whatever a person agrees to or is asked."""
        said = json.dumps([self.heading, self.text, [field.as_json() for field in self.fields]])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def clean(self, answers: Mapping[str, object]) -> list[dict[str, Any]]:
        """The answers to all questions, from what was sent under their labels.

        Raises ValidationError with what is wrong by label.
        """
        found, wrong = [], {}
        for field in self.fields:
            try:
                value = field.clean(answers.get(field.label))
                found.append({"label": field.label, "type": field.type, "value": value})
            except ValidationError as error:
                wrong[field.label] = error
        if wrong:
            raise ValidationError(wrong)
        return found


def conditions_of(repository: Repository) -> Conditions:
    """What holds for `repository` now; one query. Whatever nobody said is said by us, for its way of gating."""
    return with_defaults(stated_by_owner(repository), repository.gating)


def stated_by_owner(repository: Repository) -> Conditions:
    """What the owner saved, or else the card states, and nothing more: what the owner edits; one query."""
    row = AccessConditions.objects.filter(repository=repository.pk).first()
    return _saved(row) if row else _in_card(repository)


def with_defaults(found: Conditions, gating: str) -> Conditions:
    """`found` with our words where the heading or the button has none."""
    if gating == Gating.AUTO:
        heading, button = _("Agree to the conditions to get the files"), _("Agree and get access")
    else:
        heading, button = _("Ask the owner for the files"), _("Agree and ask for access")
    return replace(found, heading=found.heading or heading, button=found.button or button)


def may_ask(repository: Repository, request: AccessRequest | None, conditions: Conditions) -> bool:
    """Whether asking would change anything for the person whose request this is; None for who never asked."""
    if request is None:
        return True
    if request.status == AccessRequest.Status.PENDING:
        return repository.gating == Gating.AUTO  # asked while the owner still decided each time
    return request.status == AccessRequest.Status.REJECTED and conditions.ask_again


def can_ask(repository: Repository, found: Access, conditions: Conditions) -> bool:
    """Whether a page offers the viewer with this access to ask."""
    closed = repository.gating != Gating.NONE and not found.files and not found.disabled
    return closed and may_ask(repository, found.request, conditions)


def _saved(row: AccessConditions) -> Conditions:
    fields = tuple(map(field_of, row.fields))
    return Conditions(row.heading, row.text, row.button, fields, ask_again=row.ask_again, saved=True)


def _in_card(repository: Repository) -> Conditions:
    matter = repository.matter
    fields = [Field(one.label, _TYPES.get(one.type, one.type), tuple(one.options)) for one in fields_in(matter)]
    description = word(matter.get("extra_gated_description"), longest=2_000)
    return Conditions(
        word(matter.get("extra_gated_heading"), longest=200),
        "\n\n".join(filter(None, [description, prompt_in(matter)])),
        word(matter.get("extra_gated_button_content"), longest=60),
        tuple(_as_in_card(fields, repository.card)),
    )


def _as_in_card(fields: list[Field], card: str) -> list[Field]:
    """In the order of the card: the database keeps the keys of an object in an order of its own."""
    front = split(card).matter
    asked = front[max(front.find("extra_gated_fields"), 0) :]

    def place(field: Field) -> int:
        line = re.search(rf"^\s*[\"']?{re.escape(field.label)}[\"']?\s*:", asked, re.MULTILINE)
        return line.start() if line else len(asked)

    return sorted(fields, key=place)
