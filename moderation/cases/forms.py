"""The forms of the queue and of a case."""

import re
import uuid
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from moderation.cases.actions import MeasureOrder
from moderation.cases.actions.decide import SHORTEST_EXPLANATION
from moderation.cases.models import Case, Decision
from moderation.cases.queries import languages, team
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.sanctions.measures import kinds_for
from moderation.subjects.names import KIND_NAMES

LONGEST_EXPLANATION = 5_000
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")


def language_name(code: str) -> str:
    """The name of a language in the reader's, its code where we know no name."""
    return str(_(LANG_INFO[code]["name"])) if code in LANG_INFO and "name" in LANG_INFO[code] else code


class DecideForm(forms.Form):
    """No violation, or a clause with measures; and the words that people will read."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # After a refused stale decision: the version that the moderator confirms to have looked at.
    newer = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, label=_("I have looked at what changed"))
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

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": case.version, "request_id": uuid.uuid4(), "clause": case.clause.code}
        super().__init__(*args, **kwargs)
        clauses: QuerySet[Clause] = active_clauses()
        self.fields["clause"].queryset = clauses  # type: ignore[attr-defined]
        self.fields["measures"].choices = [(kind.code, kind.label) for kind in kinds_for(case.subject)]  # type: ignore[attr-defined]

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

    def clean_measures(self) -> list[MeasureOrder]:
        return [MeasureOrder(kind) for kind in self.cleaned_data["measures"]]

    def clean(self) -> dict[str, Any]:
        """`decided_on` is the version that the moderator looked at."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("outcome") == Decision.Outcome.NO_VIOLATION:
            values["clause"] = None  # the form offers the reported one by itself
        newer = values.get("newer")
        values["decided_on"] = newer if newer is not None and values.get("confirmed") else values.get("version")
        return values


class QueueFilters(forms.Form):
    """What the queue shows; an unknown value says so and counts as none."""

    LANES = {
        "open": _("Open"),
        "mine": _("Mine"),
        "unclaimed": _("Unclaimed"),
        "answered": _("Answers"),
        "decided": _("Decided"),
    }

    lane = forms.ChoiceField(choices=list(LANES.items()), required=False, widget=forms.HiddenInput)
    clause = forms.ChoiceField(label=_("Reason"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    assignee = forms.ChoiceField(label=_("With"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = {
            "clause": (_("Every reason"), ((clause.code, str(clause)) for clause in active_clauses())),
            "kind": (_("Every kind"), KIND_NAMES.items()),
            "assignee": (_("Anybody"), ((person.username, person.username) for person in team())),
            "language": (_("Every language"), ((code, language_name(code)) for code in self._languages())),
        }
        for name, (every, choices) in options.items():
            self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]

    def _languages(self) -> list[str]:
        """Those of open cases, and the chosen one, which the list that is kept for a minute may not know yet."""
        chosen = self.data.get("language", "")
        return sorted({*languages(), *([chosen] if LANGUAGE_CODE.fullmatch(chosen) else [])})

    @property
    def lane_name(self) -> str:
        return self.cleaned_data.get("lane") or "open"

    def narrow(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        """`rows` of the chosen clause, kind, assignee and language; needs is_valid() first."""
        columns = {
            "clause": "clause__code",
            "kind": "subject_kind",
            "assignee": "assignee__username",
            "language": "language",
        }
        chosen = {columns[name]: value for name, value in self.cleaned_data.items() if name in columns and value}
        return rows.filter(**chosen)


class AnswersForm(forms.Form):
    """Up to which event somebody read the answers to a decided case."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class LiftForm(forms.Form):
    """Why a measure holds no more."""

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
