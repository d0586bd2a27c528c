"""The form in which moderators write a rule: its definition, and a row for each condition (I1).

Works without a script: each button sends the whole form, and the answer is the form with one row more or less. What
was typed is kept whatever it is; only saving checks it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from moderation.automation.condition_forms import ConditionForm, values_of_condition
from moderation.automation.conditions import MATCHES, MOST_CONDITIONS, MOST_GROUPS, Conditions, read_conditions
from moderation.automation.forms import DefinitionForm, values_of
from moderation.automation.models import Rule
from moderation.automation.queries import known_labels
from moderation.automation.wording import Plain, plain_words
from moderation.policy.queries import active_clauses

_MATCHES = ((MATCHES[0], _("all of these hold")), (MATCHES[1], _("any of these holds")))
# What a new rule begins with: what brigading alone does not meet.
_FIRST = [{"match": "all", "rows": [{"kind": "score"}, {"kind": "reporters", "comparison": "at_least", "number": 3}]}]


class MatchForm(forms.Form):
    """Whether all conditions of a group must hold, or any."""

    match = forms.ChoiceField(label=_("When"), choices=_MATCHES)


@dataclass
class GroupRows:
    """A group as the form shows it; `place` counts from 0."""

    place: int
    match: MatchForm
    rows: list[ConditionForm] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def anchor(self) -> str:
        """What the form calls the button that adds a row."""
        return f"add-{self.place}"

    @property
    def full(self) -> bool:
        return len(self.rows) >= MOST_CONDITIONS


class Editor:
    """The form of one rule, or of a new one; `sent` is what the browser sent, None for the form as it begins."""

    def __init__(self, rule: Rule | None, sent: QueryDict | None, *, may_switch: bool) -> None:
        self.rule, self.sent, self.may_switch = rule, sent, may_switch
        self.do = sent.get("do", "") if sent is not None else ""
        # Which part of the form the keyboard is put on: what was just added, or where something was removed.
        self.focus = ""
        self.saves = sent is not None and not self.do
        self.labels = known_labels()
        self.titles = {one.code: str(one) for one in active_clauses()}
        draft = self._sent_rows() if sent is not None else self._stored_rows()
        self._act(draft)
        self.groups = [self._group(place, one) for place, one in enumerate(draft)]
        self.definition = self._definition()

    @property
    def full(self) -> bool:
        return len(self.groups) >= MOST_GROUPS

    @property
    def faulty(self) -> bool:
        """Whether something was sent to be saved, and cannot be."""
        return self.saves and not self.is_valid()

    def is_valid(self) -> bool:
        """Whether what was sent is a whole rule; what is wrong is said beside its field."""
        return self._valid

    @cached_property
    def _valid(self) -> bool:
        rows = [row for group in self.groups for row in group.rows]
        parts = [self.definition.is_valid(), *(row.is_valid() for row in rows)]
        parts += [group.match.is_valid() for group in self.groups]
        if not all(parts):
            return False
        self.definition.check_with(self._document())
        return self.definition.is_valid()

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the rule, once it is valid."""
        return self.definition.cleaned_data | {"conditions": self._document()}

    @property
    def plain(self) -> Plain:
        """What the rule says as it stands in the form; conditions that are not whole yet are left out."""
        said = self.definition.data if self.definition.is_bound else self.definition.initial
        read = said.getlist if isinstance(said, QueryDict) else lambda name: list(said.get(name) or [])
        hours = str(said.get("lasts") or "")
        return plain_words(
            self._whole(),
            subject_kinds=read("subject_kinds"),
            clauses=read("clauses"),
            measure=str(said.get("measure") or ""),
            lasts=int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 4 else None,
            titles=self.titles,
        )

    def _whole(self) -> Conditions | None:
        groups = []
        for group in self.groups:
            rows = [json for row in group.rows if (json := row.whole) is not None]
            if rows:
                groups.append({"match": group.match["match"].value() or MATCHES[0], "conditions": rows})
        try:
            return read_conditions({"groups": groups})
        except ValidationError:
            return None

    def _document(self) -> dict[str, Any]:
        return {
            "groups": [
                {
                    "match": group.match.cleaned_data["match"],
                    "conditions": [row.cleaned_data["condition"] for row in group.rows],
                }
                for group in self.groups
            ]
        }

    def _definition(self) -> DefinitionForm:
        initial = values_of(self.rule) if self.rule else {}
        form = DefinitionForm(self.sent, initial=initial, rule=self.rule, may_switch=self.may_switch)
        if not self.saves and self.sent is not None:
            # Bound, so that it shows what was typed, and silent: nothing is checked before it is saved.
            form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]
        return form

    def _stored_rows(self) -> list[dict[str, Any]]:
        if self.rule is None:
            return [dict(one, rows=list(one["rows"])) for one in _FIRST]
        try:
            groups = self.rule.read.groups
        except ValidationError:
            return [dict(one, rows=list(one["rows"])) for one in _FIRST]
        return [{"match": one.match, "rows": [values_of_condition(row) for row in one.conditions]} for one in groups]

    def _sent_rows(self) -> list[dict[str, Any]]:
        """What was typed, by group and row; counts that no form of ours has are cut."""
        assert self.sent is not None
        groups = []
        for place in range(_count(self.sent.get("groups"), MOST_GROUPS)):
            rows = []
            for number in range(_count(self.sent.get(f"g{place}-rows"), MOST_CONDITIONS)):
                rows.append(ConditionForm.typed(self.sent, f"g{place}-c{number}"))
            groups.append({"match": self.sent.get(f"g{place}-match", MATCHES[0]), "rows": rows})
        return groups or [{"match": MATCHES[0], "rows": [{}]}]

    def _act(self, draft: list[dict[str, Any]]) -> None:
        """Do to `draft` what the button asks for: add:0, remove:0:1, add-group, refresh; what is none is nothing."""
        verb, *places = self.do.split(":")
        numbers = [int(one) for one in places if one.isascii() and one.isdigit() and len(one) < 3]
        if verb == "add-group" and len(draft) < MOST_GROUPS:
            draft.append({"match": "any", "rows": [{}]})
            self.focus = f"g{len(draft) - 1}-c0"
        elif verb == "add" and len(numbers) == 1 and numbers[0] < len(draft):
            rows = draft[numbers[0]]["rows"]
            if len(rows) < MOST_CONDITIONS:
                rows.append({})
                self.focus = f"g{numbers[0]}-c{len(rows) - 1}"
        elif verb == "remove" and len(numbers) == 2 and numbers[0] < len(draft):
            group, row = numbers
            rows = draft[group]["rows"]
            if row < len(rows) and (len(rows) > 1 or len(draft) > 1):
                del rows[row]
                self.focus = f"add-{group}"
            if not rows:
                del draft[group]
                self.focus = "add-group"

    def _group(self, place: int, said: Mapping[str, Any]) -> GroupRows:
        match = MatchForm({f"g{place}-match": said["match"]}, prefix=f"g{place}")
        group = GroupRows(place, match)
        for number, values in enumerate(said["rows"]):
            prefix = f"g{place}-c{number}"
            focus = self.focus == prefix
            row = ConditionForm(values, prefix=prefix, checked=self.saves, clauses=self.titles, focus=focus)
            group.rows.append(row)
        return group

    def __iter__(self) -> Iterator[GroupRows]:
        return iter(self.groups)


def _count(said: str | None, most: int) -> int:
    return min(int(said), most) if said and said.isascii() and said.isdigit() and len(said) < 3 else 0
