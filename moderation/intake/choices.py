"""What the report form offers for one subject, and what each choice leads to (C1, C2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.posting import standing_restriction
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.policy.words import grouped
from moderation.reports.actions import may_be_public

SHOW_BY_STEPS = _(
    "Describe the steps that show the risk. Never let it produce the harmful thing itself, not even for us."
)
# What somebody who chooses the clause has to know before writing.
NOTES = {
    "minors-sexual-content": _(
        "Never download it, never post it again, never send it to anybody, not even to us: the address is enough."
    ),
    "non-consensual-sexual-content": _("Do not send us the pictures: the address is enough. You owe us no proof."),
    "children-data": _("Do not copy the data into this form: tell us where it is."),
    "privacy-leaked-secrets": _("Do not repeat the secret in this form: tell us where it is."),
    "malware": _("Do not open or run the file again. Tell us where it is and how you noticed."),
    "weapons": SHOW_BY_STEPS,
    "attack-code": SHOW_BY_STEPS,
    "strong-dual-use": SHOW_BY_STEPS,
}


@dataclass(frozen=True)
class Choice:
    """A clause to choose: whether the report would open a public discussion, and what to know before."""

    clause: Clause
    public: bool

    @property
    def note(self) -> Any:
        return NOTES.get(self.clause.code, "")


@dataclass(frozen=True)
class ChoiceGroup:
    """Clauses under one heading; `open` where one of them is chosen, or nothing is and it comes first."""

    title: Any
    choices: Sequence[Choice]
    open: bool


def choices_for(kind: str, *, reporter: User, chosen: str = "") -> list[ChoiceGroup]:
    """Every clause in force for a subject of `kind`, by group; `chosen` is the code chosen so far. Two queries.

    Nothing is public for somebody who may not post (C2).
    """
    silent = kind == "repository" and standing_restriction(reporter) is not None
    found: list[ChoiceGroup] = []
    for group in grouped(active_clauses(), kind):
        clauses = [one.clause for one in group.clauses]
        is_open = any(clause.code == chosen for clause in clauses) if chosen else not found
        offered = [Choice(clause, public=not silent and may_be_public(kind, clause)) for clause in clauses]
        found.append(ChoiceGroup(group.title, offered, is_open))
    return found
