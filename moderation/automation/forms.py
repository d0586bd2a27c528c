"""The forms of rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.automation.definition import automatable, faults_of
from moderation.automation.models import Rule
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.sanctions.measures import DECIDED

LONGEST_EXPLANATION = 5_000
# How far back a backtest looks, in days.
SINCE = ((0, _("everything")), (365, _("the last year")), (90, _("the last 90 days")), (30, _("the last 30 days")))


class SwitchForm(forms.Form):
    """The mode a rule is switched to."""

    mode = forms.ChoiceField(choices=Rule.Mode.choices)


class BacktestForm(forms.Form):
    """How far back a rule is tried."""

    days = forms.TypedChoiceField(label=_("Try it on"), choices=SINCE, coerce=int, initial=0)


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule in the administration: it can only ask for what its clause lets a rule do by itself (I1)."""

    class Meta:
        model = Rule
        fields = (
            "code", "title", "mode", "subject_kinds", "clauses", "conditions", "clause", "measure", "lasts",
            "explanation", "floor", "enough", "hourly_limit",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        _add_faults(self, values)
        return values


class DefinitionForm(forms.Form):
    """What a rule is about, what it does and says; its conditions are forms beside it, see editor.py."""

    title = forms.CharField(label=_("Title"), max_length=120)
    subject_kinds = forms.MultipleChoiceField(
        label=_("What it looks at"), widget=forms.CheckboxSelectMultiple,
        choices=[
            ("repository", _("repositories")), ("discussion", _("discussions")), ("comment", _("comments")),
            ("user", _("people")), ("organization", _("organizations")),
        ],
    )  # fmt: skip
    clauses = forms.MultipleChoiceField(
        label=_("Reported under"), required=False, widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("None chosen: under any clause."),
    )  # fmt: skip
    clause = forms.ModelChoiceField(
        Clause.objects.none(), label=_("Clause it acts under"), to_field_name="code", empty_label=_("Choose a clause"),
        help_text=_("Only clauses under which the policy lets a rule do something."),
    )  # fmt: skip
    measure = forms.ChoiceField(
        label=_("Measure"), help_text=_("What the clause allows a rule. A person reviews it in any case.")
    )
    lasts = forms.IntegerField(
        label=_("Hours until it ends"), required=False, min_value=1, max_value=72,
        help_text=_("Unless a person confirms it. Empty: as long as it may, 48 hours for no posting, else 72."),
    )  # fmt: skip
    explanation = forms.CharField(
        label=_("Our words to the person"), max_length=LONGEST_EXPLANATION, widget=forms.Textarea(attrs={"rows": 4})
    )
    floor = forms.FloatField(
        label=_("Agreement it takes to be live"), min_value=0.5, max_value=1, initial=0.9,
        help_text=_("0.5 to 1: the share of its runs that people agreed with."),
    )  # fmt: skip
    enough = forms.IntegerField(label=_("Decided runs it takes to be live"), min_value=1, max_value=10_000, initial=20)
    hourly_limit = forms.IntegerField(
        label=_("Most times it acts in an hour"), min_value=1, max_value=10_000, initial=10
    )

    def __init__(self, *args: Any, rule: Rule | None, may_switch: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clauses = list(active_clauses())
        allowed = [one for one in clauses if automatable(one)]
        self.fields["clauses"].choices = [(one.code, str(one)) for one in clauses]  # type: ignore[attr-defined]
        self.fields["clause"].queryset = active_clauses().filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in allowed]
        )
        measures = {code for one in allowed for code in automatable(one)}
        if rule is not None:
            measures.add(rule.measure)
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (code, kind.label) for code, kind in DECIDED.items() if code in measures
        ]
        if not may_switch:
            for name in ("floor", "enough", "hourly_limit"):
                del self.fields[name]

    def check_with(self, conditions: Any) -> None:
        """Look at the whole rule, its `conditions` included, which are JSON; what is wrong is an error of a field."""
        _add_faults(self, self.cleaned_data | {"conditions": conditions})


def values_of(rule: Rule) -> dict[str, Any]:
    """The values of a rule as DefinitionForm shows them."""
    names = ("title", "subject_kinds", "clauses", "measure", "lasts", "explanation", "floor", "enough", "hourly_limit")
    return {name: getattr(rule, name) for name in names} | {"clause": rule.clause.code}


def _add_faults(form: forms.BaseForm, values: Mapping[str, Any]) -> None:
    for name, fault in faults_of(values).items():
        form.add_error(name if name in form.fields else None, fault)
