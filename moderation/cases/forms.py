"""The forms of a case; what filters the queue is in queue_forms.py."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION
from moderation.cases.end_fields import EndsInForm
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.reports.forms import IdsField
from moderation.sanctions.measures import MeasureKind, kinds_for
from moderation.subjects.models import Subject
from repositories.models import Condition

LONGEST_EXPLANATION = 5_000
NAMING = _("I looked at it: my words give nobody away")


@dataclass(frozen=True)
class ConsequenceField:
    """The boxes that choose what one kind of measure brings along (F2)."""

    code: str
    boxes: forms.BoundField


def add_consequences(form: forms.Form, kinds: Iterable[MeasureKind], subjects: Iterable[Subject]) -> list[str]:
    """Give `form` a field for each of `kinds` that brings something along; their codes. Offered is what fits any."""
    codes = []
    for kind in [one for one in kinds if one.brings]:
        fit = {code for subject in subjects for code in kind.consequences_for(subject)}
        choices = [(code.value, code.label) for code in kind.brings if code in fit]
        form.fields[f"with-{kind.code}"] = forms.MultipleChoiceField(
            label=_("With these consequences"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        codes.append(str(kind.code))
    return codes


class DecideForm(EndsInForm):
    """No violation, or a clause with measures; and the words that people will read."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # After a refused stale decision: the version that the moderator confirms to have looked at.
    newer = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, label=_("I have looked at what changed"))
    # After a warning that precedents were decided otherwise (D6).
    departing = forms.BooleanField(required=False, label=_("I know, and my words say why this one is different"))
    # After a name, or words of a report, were found in the words (C2).
    naming = forms.BooleanField(required=False, label=NAMING)
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Is it a violation?"),
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether this is a violation.")},
    )
    clause = forms.ModelChoiceField(
        label=_("Clause"),
        queryset=Clause.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Choose the clause it breaks"),
        help_text=_("For a violation: the rule that it breaks."),
    )
    measures = forms.MultipleChoiceField(label=_("Measures"), required=False, widget=forms.CheckboxSelectMultiple)
    explanation = forms.CharField(
        label=_("Statement of reasons"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_EXPLANATION}),
        help_text=_("They will read these words. Name the content and say why; never name who reported it."),
        error_messages={"required": _("Explain the decision in a sentence: people will read it.")},
    )
    bad_faith = IdsField(label=_("Reports made in bad faith"), required=False)
    # In the moderated track, before the owner was heard (D2).
    override = forms.CharField(
        label=_("Why it cannot wait for the owner"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1_000}),
    )

    # In the moderated track (E3).
    insufficient = forms.CharField(
        label=_("Why a request to the owner does not suffice"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1_000}),
    )

    # Under which a repository stays from then on (E5).
    conditions = forms.MultipleChoiceField(
        label=_("On which conditions it stays"),
        choices=Condition.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        own = {"version": case.version, "request_id": uuid.uuid4(), "clause": case.clause.code}
        kwargs["initial"] = own | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        clauses: QuerySet[Clause] = active_clauses()
        self.fields["clause"].queryset = clauses  # type: ignore[attr-defined]
        kinds = kinds_for(case.subject)
        self.fields["measures"].choices = [(kind.code, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.bringing = add_consequences(self, kinds, [case.subject])
        self.add_ends(kinds)

    @property
    def brought(self) -> list[ConsequenceField]:
        return [ConsequenceField(code, self[f"with-{code}"]) for code in self.bringing]

    def ask_to_confirm(self, version: int) -> None:
        """Keep what was written, and count it for `version` once the moderator says to have looked at what changed."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["newer"], data["confirmed"] = str(version), ""
        self.data = data

    def clean_explanation(self) -> str:
        text = clean_text(self.cleaned_data["explanation"], longest=LONGEST_EXPLANATION)
        if len(text) < SHORTEST_EXPLANATION:
            raise forms.ValidationError(_("Explain the decision in a sentence: people will read it."))
        return text

    def clean(self) -> dict[str, Any]:
        """`decided_on` is the version that the moderator looked at; `measures` are orders, each with its end."""
        values: dict[str, Any] = super().clean() or {}
        values["measures"] = [
            self.order_with_end(kind, values, tuple(values.get(f"with-{kind}", ())))
            for kind in values.get("measures", [])
        ]
        if values.get("outcome") == Decision.Outcome.NO_VIOLATION:
            values["clause"] = None  # the form offers the reported one by itself
        else:
            values["bad_faith"] = ()  # folded away with “no violation”
        newer = values.get("newer")
        values["decided_on"] = newer if newer is not None and values.get("confirmed") else values.get("version")
        return values


class SecondForm(forms.Form):
    """A second moderator confirms or declines, in own words for the team."""

    CONFIRM, DECLINE = "confirm", "decline"

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[(CONFIRM, _("Confirm")), (DECLINE, _("Decline"))], widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Your words for the team"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2_000}),
        help_text=_("Only the team reads them. To decline, say why in a sentence."),
    )

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"], longest=2_000)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("answer") == self.DECLINE and len(values.get("words", "")) < SHORTEST_EXPLANATION:
            self.add_error("words", _("Say in a sentence why you decline: whoever decided will read it."))
        return values


class AnswersForm(forms.Form):
    """Up to which event somebody read the answers to a decided case."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class LiftForm(forms.Form):
    """Why a measure holds no more."""

    naming = forms.BooleanField(required=False, label=NAMING)

    reason = forms.CharField(
        label=_("Why it holds no more"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2_000}),
        help_text=_("Everybody whom it concerned will read this."),
        error_messages={"required": _("Say in a sentence why this holds no more: people will read it.")},
    )

    def clean_reason(self) -> str:
        text = clean_text(self.cleaned_data["reason"], longest=2_000)
        if len(text) < SHORTEST_EXPLANATION:
            raise forms.ValidationError(_("Say in a sentence why this holds no more: people will read it."))
        return text
