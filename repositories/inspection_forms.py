from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from repositories.actions.inspection import LONGEST_REASON, SHORTEST_REASON


class InspectionForm(forms.Form):
    """Why the team opens what an owner keeps to few (A2)."""

    reason = forms.CharField(
        label=_("Your reason"),
        help_text=_(
            "The owner reads exactly these words. Say what you look for; name no reporter, and nothing that only a "
            "reporter can know."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=SHORTEST_REASON,
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"], longest=LONGEST_REASON)
