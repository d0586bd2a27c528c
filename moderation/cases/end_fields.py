"""The controls of forms that choose when a measure ends: after so long, on a date, once its owner did something (E5).

A form that inherits EndsInForm offers them for the measures that it offers, and reads the orders out of what was sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.cases.actions.orders import HOUR, MeasureOrder
from moderation.sanctions.measures import MeasureKind

DATE = "date"
# How long a measure holds whose end can be chosen: hours, or until a date. Empty: as it usually does.
ENDS = [
    ("", _("its usual end")),
    ("24", _("24 hours")),
    ("48", _("48 hours")),
    ("168", _("7 days")),
    ("720", _("30 days")),
    (DATE, _("until a date")),
]
# Before the code of what the owner has to do, where a measure ends by that.
DONE = "done:"


@dataclass(frozen=True)
class EndFields:
    """The controls that choose the end of one kind of measure; `until` where that can be a date."""

    code: str
    lasts: forms.BoundField
    until: forms.BoundField | None


def ends_of(kind: MeasureKind, *, dated: bool = True) -> list[tuple[str, Any]]:
    """The ends that can be chosen for `kind`, the usual one first: times, a date where `dated`, what its owner does."""
    times = [one for one in ENDS if dated or one[0] != DATE] if kind.chooses_end else ENDS[:1]
    words = _("until the owner did this: %(what)s")
    return [*times, *((f"{DONE}{code.value}", words % {"what": code.label}) for code in kind.conditions)]


def choice_of(order: MeasureOrder) -> str:
    """What stands for the end of `order` among ends_of() of its kind; empty for a date, which is no choice of many."""
    if order.until_done:
        return f"{DONE}{order.until_done}"
    return str(order.lasts // HOUR) if order.lasts else ""


class EndsInForm(forms.Form):
    """A form whose `measures` are chosen with their ends."""

    # The codes of the kinds whose end can be chosen.
    ending: list[str]

    def add_ends(self, kinds: Iterable[MeasureKind], *, dated: bool = True) -> None:
        """Offer the ends of those of `kinds` that have any to choose; without a date where the form is kept for later.

        A time that was chosen elsewhere, such as 36 hours by API, is offered beside the others where it is initial.
        """
        ending = [kind for kind in kinds if kind.chooses_end or kind.conditions]
        self.ending = [str(kind.code) for kind in ending]
        for kind in ending:
            choices = ends_of(kind, dated=dated)
            chosen = str(self.initial.get(f"lasts-{kind.code}") or "")
            if chosen.isdecimal() and kind.chooses_end and chosen not in dict(choices):
                choices.insert(1, (chosen, _("%(hours)s hours") % {"hours": chosen}))
            self.fields[f"lasts-{kind.code}"] = forms.ChoiceField(label=_("How long"), choices=choices, required=False)
            if kind.chooses_end and dated:
                self.fields[f"until-{kind.code}"] = forms.DateTimeField(
                    label=_("Until"),
                    required=False,
                    widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                )

    @property
    def ends(self) -> list[EndFields]:
        dated = [code for code in self.ending if f"until-{code}" in self.fields]
        return [
            EndFields(code, self[f"lasts-{code}"], self[f"until-{code}"] if code in dated else None)
            for code in self.ending
        ]

    def order_with_end(self, kind: str, values: Mapping[str, Any], consequences: tuple[str, ...] = ()) -> MeasureOrder:
        """The order of `kind` with the end that `values`, the cleaned data, choose; notes a date that is missing."""
        chosen, until = values.get(f"lasts-{kind}") or "", values.get(f"until-{kind}")
        if chosen == DATE and until is None and f"until-{kind}" not in self.errors:
            self.add_error(f"until-{kind}", _("Choose the date on which it ends."))
        if chosen == DATE:
            return MeasureOrder(kind, ends_at=until, consequences=consequences)
        if chosen.startswith(DONE):
            return MeasureOrder(kind, until_done=chosen.removeprefix(DONE), consequences=consequences)
        lasts = timedelta(hours=int(chosen)) if chosen else None
        return MeasureOrder(kind, lasts=lasts, consequences=consequences)
