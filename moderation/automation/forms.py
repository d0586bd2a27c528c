"""The forms of rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.automation.models import Rule
from moderation.policy.models import Clause
from moderation.sanctions.measures import DECIDED
from moderation.subjects.models import TARGETS


class SwitchForm(forms.Form):
    """The mode a rule is switched to."""

    mode = forms.ChoiceField(choices=Rule.Mode.choices)


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule that can only ask for what its clause lets a rule do by itself (I1)."""

    class Meta:
        model = Rule
        fields = (
            "code", "title", "mode", "subject_kinds", "label", "reporters", "clause", "measure", "explanation",
            "floor", "enough", "hourly_limit",
        )  # fmt: skip

    def clean_subject_kinds(self) -> list[str]:
        kinds = self.cleaned_data["subject_kinds"]
        if not isinstance(kinds, list) or not set(map(str, kinds)) <= set(TARGETS):
            names = ", ".join(TARGETS)
            raise forms.ValidationError(_("Give a list of these: %(names)s."), params={"names": names})
        return kinds

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        measure, clause = values.get("measure"), values.get("clause")
        if measure and measure not in DECIDED:
            message = _("There is no such measure. Choose one of: %(names)s.")
            self.add_error("measure", forms.ValidationError(message, params={"names": ", ".join(DECIDED)}))
        elif measure and isinstance(clause, Clause) and measure not in clause.automation:
            message = _("The clause “%(clause)s” does not let a rule do this by itself.")
            self.add_error("measure", forms.ValidationError(message, params={"clause": str(clause)}))
        return values
