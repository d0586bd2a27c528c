"""How one wants to meet harmful content (D5)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.cases.models import Comfort
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses


class ComfortForm(forms.Form):
    """One's own choices; nobody else sees them."""

    blur = forms.BooleanField(label=_("Blur pictures until I reveal them"), required=False)
    greyscale = forms.BooleanField(label=_("Show pictures in grey"), required=False)
    fold = forms.BooleanField(label=_("Fold text that a classifier flagged until I reveal it"), required=False)
    budget = forms.IntegerField(
        label=_("Suggest a pause after so many harmful cases a day"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_("Empty: never. It only ever suggests, and nobody else learns of it."),
    )
    opted_out = forms.ModelMultipleChoiceField(
        label=_("Do not give me cases about"),
        queryset=Clause.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("“Claim next” leaves them to others. You can still open one yourself."),
    )

    def __init__(self, *args: Any, comfort: Comfort, **kwargs: Any) -> None:
        chosen = [clause.code for clause in comfort.opted_out.all()] if comfort.pk else []
        kwargs["initial"] = {
            "blur": comfort.blur,
            "greyscale": comfort.greyscale,
            "fold": comfort.fold,
            "budget": comfort.budget,
            "opted_out": chosen,
        }
        super().__init__(*args, **kwargs)
        self.fields["opted_out"].queryset = active_clauses()  # type: ignore[attr-defined]
