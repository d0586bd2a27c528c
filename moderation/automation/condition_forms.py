"""The row of one condition in the form of a rule: only the fields that its kind has."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from moderation.automation.conditions import AT_LEAST, AT_MOST, KINDS, NONE_OF, ONE_OF, SUBJECTS, Condition
from moderation.automation.conditions import read_conditions as read

_KINDS = [(code, kind.title) for code, kind in KINDS.items()]
_NUMBERS = ((AT_LEAST, _("at least")), (AT_MOST, _("at most")))
_VALUES = ((ONE_OF, _("one of")), (NONE_OF, _("none of")))
_SCORES = (
    ("confident", _("the classifier is sure")),
    ("flagged", _("the classifier flags it")),
    (AT_LEAST, _("at least this number")),
    (AT_MOST, _("at most this number")),
)
_MANY = ("subjects", "clauses")


class ConditionForm(forms.Form):
    """One condition; `cleaned_data["condition"]` is its JSON.

    `typed` is what its fields hold, whether or not it is whole; `checked` says whether what is wrong is shown.
    """

    kind = forms.ChoiceField(label=_("Condition"), choices=_KINDS)
    label = forms.CharField(label=_("Label"), max_length=40, widget=forms.TextInput(attrs={"list": "labels"}))
    compares = forms.ChoiceField(label=_("Compared"), choices=_NUMBERS)
    number = forms.FloatField(label=_("Number"), min_value=0)
    days = forms.IntegerField(label=_("Within days"), min_value=1, max_value=3_650, initial=183)
    subjects = forms.MultipleChoiceField(label=_("Kinds"), choices=list(SUBJECTS.items()))
    languages = forms.CharField(
        label=_("Languages"), max_length=200, help_text=_("Codes with commas between them: en, th.")
    )
    clauses = forms.MultipleChoiceField(label=_("Clauses"), widget=forms.SelectMultiple(attrs={"size": 5}))

    def __init__(
        self,
        typed: Mapping[str, Any],
        *,
        prefix: str,
        checked: bool,
        clauses: Mapping[str, str],
        focus: bool = False,
    ) -> None:
        self.typed_kind = str(typed.get("kind") or "score")
        kind = self.typed_kind if self.typed_kind in KINDS else "score"
        data = QueryDict(mutable=True)
        data[f"{prefix}-kind"] = kind
        for name, value in typed.items():
            if name != "kind" and value not in (None, ""):
                data.setlist(f"{prefix}-{name}", [str(one) for one in value] if name in _MANY else [str(value)])
        super().__init__(data, prefix=prefix)
        self.checked = checked
        self._keep(kind)
        self._choose(kind, data, clauses)
        if focus:
            self.fields["kind"].widget.attrs["autofocus"] = True

    @classmethod
    def typed(cls, sent: QueryDict, prefix: str) -> dict[str, Any]:
        """What was typed into the row of this prefix."""
        return {
            name: sent.getlist(f"{prefix}-{name}") if name in _MANY else sent.get(f"{prefix}-{name}", "")
            for name in cls.base_fields
        }

    @property
    def errors(self) -> Any:
        """Nothing before somebody saves: a row that was just added is not wrong."""
        found = super().errors
        return found if self.checked else type(found)()

    @property
    def whole(self) -> dict[str, Any] | None:
        """The condition as JSON; None while something is missing."""
        if forms.Form.errors.fget(self):  # type: ignore[attr-defined]
            return None
        return dict(self.cleaned_data["condition"])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self._errors:  # type: ignore[attr-defined]
            return values
        document = _as_json(values)
        try:
            read({"groups": [{"match": "all", "conditions": [document]}]})
        except ValidationError as error:
            field = next((one for one in ("number", "languages", "label", "clauses") if one in self.fields), None)
            message = _("This does not fit: %(fault)s")
            self.add_error(field, ValidationError(message, params={"fault": " ".join(error.messages)}))
            return values
        return values | {"condition": document}

    def _keep(self, kind: str) -> None:
        spec = KINDS[kind]
        kept = {"kind", "compares"}
        if spec.compares == "values":
            kept.add({"subject": "subjects", "language": "languages", "clause": "clauses"}[kind])
        else:
            kept |= {"number"} | ({"label"} if kind == "score" else set()) | ({"days"} if spec.within_days else set())
        for name in set(self.fields) - kept:
            del self.fields[name]

    def _choose(self, kind: str, data: QueryDict, clauses: Mapping[str, str]) -> None:
        fields: dict[str, Any] = self.fields
        compares = {"score": _SCORES, "values": _VALUES}.get(KINDS[kind].compares, _NUMBERS)
        fields["compares"].choices = compares
        name = self.add_prefix("compares")
        if data.get(name) not in dict(compares):
            data[name] = compares[0][0]
        if "number" in fields:
            # Of a score the number says something only where it is compared with one.
            fields["number"].required = kind != "score" or data[name] in (AT_LEAST, AT_MOST)
            if not fields["number"].required:
                del fields["number"]
            else:
                fields["number"].max_value = 1 if kind == "score" else KINDS[kind].most
                fields["number"].widget.attrs |= {"step": "0.01" if kind == "score" else "1", "min": 0}
        if "days" in fields:
            data.setdefault(self.add_prefix("days"), "183")
        if "clauses" in fields:
            fields["clauses"].choices = list(clauses.items())


def values_of_condition(one: Condition) -> dict[str, Any]:
    """What the fields of a stored condition hold."""
    typed: dict[str, Any] = {"kind": one.kind, "compares": one.level or one.comparison, "label": one.label}
    typed |= {"number": f"{one.number:g}" if one.number is not None else "", "days": one.days or ""}
    many = {"subject": "subjects", "clause": "clauses"}
    if one.kind in many:
        typed[many[one.kind]] = list(one.values)
    elif one.values:
        typed["languages"] = ", ".join(one.values)
    return typed


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    kind, compares = values["kind"], values["compares"]
    if kind == "score":
        said: dict[str, Any] = {"kind": kind, "label": values["label"]}
        if compares in (AT_LEAST, AT_MOST):
            return said | {"comparison": compares, "number": values["number"]}
        return said | {"level": compares}
    said = {"kind": kind, "comparison": compares}
    if KINDS[kind].compares == "values":
        chosen = values.get("subjects") or values.get("clauses")
        return said | {"values": chosen or _codes(values.get("languages", ""))}
    number = values["number"]
    said["number"] = int(number) if number == int(number) else number
    return said | ({"days": values["days"]} if "days" in values else {})


def _codes(text: str) -> list[str]:
    return [one for part in text.lower().split(",") if (one := part.strip())]
