"""Forms of gated repositories: asking, the owner's conditions, deciding (A3)."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace, User
from foundation.text import clean_text
from repositories.actions.conditions import LONGEST_BUTTON, LONGEST_HEADING
from repositories.actions.gating import CHANGED, LONGEST_REASON
from repositories.card.gating import LONGEST_LABEL, LONGEST_PROMPT, MOST_FIELDS
from repositories.gating import FIELD_TYPES, Conditions, Field
from repositories.gating.countries import countries
from repositories.gating.fields import LONGEST_ANSWER, check_fields, clean_field
from repositories.models import AccessRequest

# The words of the buttons, and the status that each asks for.
DECISIONS = {
    "accept": AccessRequest.Status.ACCEPTED,
    "reject": AccessRequest.Status.REJECTED,
    "cancel": AccessRequest.Status.PENDING,
}


class _Answer(forms.Field):
    """The control for one question; what counts as an answer, the question itself knows."""

    def __init__(self, asked: Field) -> None:
        super().__init__(label=asked.label, widget=_widget(asked))
        self.asked = asked

    def clean(self, value: Any) -> str | bool:
        return self.asked.clean(value)


def _widget(asked: Field) -> forms.Widget:
    if asked.type == "checkbox":
        return forms.CheckboxInput()
    if asked.type == "date":
        return forms.DateInput(attrs={"type": "date"})
    if asked.type == "text":
        return forms.TextInput(attrs={"maxlength": LONGEST_ANSWER})
    options = countries() if asked.type == "country" else [(one, one) for one in asked.options]
    return forms.Select(choices=[("", _("Choose…")), *options])


class AskForm(forms.Form):
    """The questions of some conditions; `agreed` says which conditions the person saw."""

    def __init__(self, conditions: Conditions, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.digest = conditions.digest
        for number, asked in enumerate(conditions.fields):
            self.fields[f"answer-{number}"] = _Answer(asked)
        self.fields["agreed"] = forms.CharField(widget=forms.HiddenInput, initial=self.digest, required=False)

    def clean(self) -> None:
        """What people see after a change is what they agree to next."""
        if self.cleaned_data.get("agreed") not in ("", None, self.digest):
            self.data = {name: self.data[name] for name in self.data} | {"agreed": self.digest}
            raise ValidationError(CHANGED, code="stale")

    def answers(self) -> dict[str, object]:
        """What was answered, by the labels of the questions."""
        fields = {name: field for name, field in self.fields.items() if isinstance(field, _Answer)}
        return {field.asked.label: self.cleaned_data.get(name) for name, field in fields.items()}


class ConditionsForm(forms.Form):
    """What the owner asks, but for the questions."""

    heading = forms.CharField(
        label=_("Heading"),
        max_length=LONGEST_HEADING,
        required=False,
        help_text=_("Leave it empty for ours; the preview below shows it."),
    )
    text = forms.CharField(
        label=_("Conditions"),
        required=False,
        widget=forms.Textarea(attrs={"maxlength": LONGEST_PROMPT, "rows": 8}),
        help_text=_("What people agree to, in Markdown."),
    )
    button = forms.CharField(
        label=_("Words of the button"),
        max_length=LONGEST_BUTTON,
        required=False,
        help_text=_("Leave it empty for ours, which say what happens."),
    )
    ask_again = forms.BooleanField(
        label=_("Whoever you rejected may ask again"),
        required=False,
        help_text=_("Where access is automatic, asking again opens the files: the rejection then holds no longer."),
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"], longest=LONGEST_PROMPT)


class QuestionForm(forms.Form):
    """One question; a row without any words is none."""

    label = forms.CharField(label=_("Question"), max_length=LONGEST_LABEL)
    type = forms.ChoiceField(label=_("Answer"), choices=list(FIELD_TYPES.items()), initial="text")
    options = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only for “one of several options”: one on each line."),
    )

    def clean(self) -> dict[str, Any]:
        """Adds `question`, the Field."""
        values = dict(self.cleaned_data)
        if not self.errors:
            values["question"] = clean_field(values["label"], values["type"], values["options"].splitlines())
        return values


class _Questions(forms.BaseFormSet):  # type: ignore[type-arg]
    deletion_widget = forms.CheckboxInput

    def clean(self) -> None:
        if not any(self.errors):
            check_fields(self.questions())

    def questions(self) -> tuple[Field, ...]:
        """Those that are asked: neither removed nor left empty."""
        rows = [form.cleaned_data for form in self.forms]
        return tuple(row["question"] for row in rows if "question" in row and not row.get("DELETE"))

    def add_fields(self, form: QuestionForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this question out")


QuestionFormSet = forms.formset_factory(
    QuestionForm, formset=_Questions, extra=1, can_delete=True, max_num=MOST_FIELDS, absolute_max=MOST_FIELDS + 10
)


class _Ids(forms.Field):
    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(one) for one in value or []]
        except ValueError:
            raise ValidationError(_("This is no request of the list. Reload it."), code="invalid") from None


class DecideForm(forms.Form):
    """One decision about one or many requests, which had the status `was` when the actor saw them."""

    request = _Ids()
    do = forms.ChoiceField(choices=[(name, name) for name in DECISIONS])
    was = forms.ChoiceField(choices=AccessRequest.Status.choices)
    reason = forms.CharField(required=False)

    def clean_reason(self) -> str:
        """Belongs to a rejection only: the field stands beside all the buttons."""
        reason = clean_text(self.cleaned_data["reason"], longest=LONGEST_REASON)
        return reason if self.cleaned_data.get("do") == "reject" else ""


class GrantForm(forms.Form):
    user = forms.CharField(label=_("User name"), max_length=96)

    def clean_user(self) -> User:
        name = self.cleaned_data["user"].strip()
        found = Namespace.objects.named(name).filter(user__isnull=False).select_related("user").first()
        if found is None or found.user is None:
            raise ValidationError(_("There is nobody of this name here."), code="not_found")
        return found.user
