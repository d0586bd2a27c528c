"""The form with which a moderator decides where it happened."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION
from moderation.cases.forms import LONGEST_EXPLANATION, NAMING
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses


class SpotForm(forms.Form):
    """Which clause, why, and words for the team."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    clause = forms.ModelChoiceField(
        label=_("Clause it breaks"),
        queryset=Clause.objects.none(),
        to_field_name="code",
        empty_label=_("Choose the clause it breaks"),
        error_messages={"required": _("Choose the clause it breaks.")},
    )
    explanation = forms.CharField(
        label=_("Statement of reasons"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_EXPLANATION}),
        help_text=_("They will read these words. Name the content and say why; never name who reported it."),
        error_messages={"required": _("Explain the decision in a sentence: people will read it.")},
    )
    note = forms.CharField(
        label=_("A note for the team"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2_000}),
        help_text=_("Only the team reads it, at the case."),
    )

    departing = forms.BooleanField(required=False, label=_("I know, and my words say why this one is different"))
    naming = forms.BooleanField(required=False, label=NAMING, widget=forms.HiddenInput)

    def ask_about_names(self, found: bool) -> None:
        """Show the box with which words may stay although they hold a name, where one was `found` in them (C2)."""
        if found:
            self.fields["naming"].widget = forms.CheckboxInput()

    def __init__(self, *args: Any, departs: bool = False, **kwargs: Any) -> None:
        """`departs`: precedents were decided otherwise, which whoever decides has to know."""
        kwargs["initial"] = {"request_id": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = active_clauses()  # type: ignore[attr-defined]
        if not departs:
            del self.fields["departing"]
        else:
            self.fields["departing"].required = True
            self.fields["departing"].error_messages["required"] = _(
                "Similar cases were decided otherwise. If this one is different, say so, and say why in your words."
            )

    def clean_explanation(self) -> str:
        text = clean_text(self.cleaned_data["explanation"], longest=LONGEST_EXPLANATION)
        if len(text) < SHORTEST_EXPLANATION:
            raise forms.ValidationError(_("Explain the decision in a sentence: people will read it."))
        return text

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"], longest=2_000)
