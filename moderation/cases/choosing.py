"""Choosing a template of reasons for a case: which are offered, and the form filled in with one (D4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from moderation.cases.actions.templates import orders_in
from moderation.cases.end_fields import choice_of
from moderation.cases.forms import LONGEST_EXPLANATION, DecideForm
from moderation.cases.models import Case, Decision, ReasonTemplate
from moderation.cases.templates_of_reasons import fill
from moderation.sanctions.measures import kinds_for

MOST_OFFERED = 200
REPLACE, APPEND = "replace", "append"


@dataclass(frozen=True)
class Offered:
    """Active templates: those for the clause of the case, then the others."""

    fitting: list[ReasonTemplate]
    others: list[ReasonTemplate]


def offered(clause_ids: Sequence[int]) -> Offered:
    """The active templates; those that name one of `clause_ids` come first. One query."""
    rows = list(ReasonTemplate.objects.filter(active=True).select_related("clause").order_by("title")[:MOST_OFFERED])
    fitting = [one for one in rows if one.clause_id in clause_ids]
    return Offered(fitting, [one for one in rows if one.clause_id not in clause_ids])


def kept_form(case: Case, typed: QueryDict, **brought: Any) -> DecideForm:
    """The form of `case` as it was sent, with what is `brought` instead; nothing in it is checked yet."""
    fields = DecideForm.base_fields.items()
    held = {name: field.widget.value_from_datadict(typed, MultiValueDict(), name) for name, field in fields}
    held |= {name: value for name, value in typed.items() if name.startswith(("lasts-", "until-"))}
    held |= {name: value for name, value in typed.lists() if name.startswith("with-")}
    return DecideForm(case=case, initial={name: value for name, value in held.items() if value} | brought)


def form_with(case: Case, template: ReasonTemplate, *, typed: QueryDict, how: str = "") -> tuple[DecideForm, bool]:
    """The form of `case` with what `template` brings, and whether it asks first because words were typed.

    `typed` is what the form held. Typed words are replaced or added to only where `how` says so (REPLACE, APPEND):
    else the form comes back as it was.
    """
    words = fill(template.text, case, template.clause, language=template.language)
    before = typed.get("explanation", "").strip()
    if before and before != words and how not in (REPLACE, APPEND):
        return kept_form(case, typed), True
    text = f"{before}\n\n{words}" if before and how == APPEND else words
    fits = {kind.code for kind in kinds_for(case.subject)}
    brought: dict[str, Any] = {
        "outcome": template.outcome,
        "explanation": text[:LONGEST_EXPLANATION],
    }
    orders = [one for one in orders_in(template) if one.kind in fits]
    if orders:
        brought["measures"] = [one.kind for one in orders]
        brought |= {f"lasts-{one.kind}": choice_of(one) for one in orders}
    if template.clause and template.outcome == Decision.Outcome.VIOLATION:
        brought["clause"] = template.clause.code
    if template.outcome == Decision.Outcome.NO_VIOLATION:
        brought["measures"] = []
    return kept_form(case, typed, **brought), False
