"""Forms of a release in stages, and of the settings while one is under way (A7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace
from repositories.forms import SettingsForm
from repositories.models import Gating, Stage
from repositories.release import ORDER
from repositories.steps import Step

LONGEST_NAMES = 20_000
# What a step asks for when the release has it.
ASKED = {
    Stage.Kind.PEOPLE: "people_names",
    Stage.Kind.ORGANIZATION: "organization_names",
    Stage.Kind.GATED: "gated_gating",
}
LABELS = {
    Stage.Kind.PRIVATE: _("Private: only the owner, or the members of the organization"),
    Stage.Kind.PEOPLE: _("Named people: they see the page and get the files"),
    Stage.Kind.ORGANIZATION: _("An organization: its members see the page and get the files"),
    Stage.Kind.GATED: _("Gated: everybody sees the page, files on request"),
    Stage.Kind.PUBLIC: _("Public: everybody sees the page and gets the files"),
}


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class Row:
    """One step in the form: whether the plan has it, and what it asks for."""

    kind: str
    use: BoundField
    fields: list[BoundField]


class ReleaseForm(forms.Form):
    """Which steps a release has, when each begins and whom it names; `steps` are what plan_release takes."""

    # The page folds what a step asks for while its box is not ticked: the browser must not insist on it.
    use_required_attribute = False

    people_names = forms.CharField(
        label=_("User names, one in a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_NAMES,
    )
    organization_names = forms.CharField(
        label=_("Name of the organization"),
        help_text=_("Several names are parted by spaces."),
        max_length=LONGEST_NAMES,
    )
    gated_gating = forms.ChoiceField(
        label=_("Who gets the files"),
        choices=[
            (Gating.AUTO, _("Whoever accepts your conditions")),
            (Gating.MANUAL, _("Whom you let in, one by one")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None, *, owner: Namespace, stages: dict[str, Stage], begun: set[str]) -> None:
        """`stages` of the plan by kind, `begun` the kinds that began: their dates stay as they are."""
        super().__init__(data, initial=_initial(owner, stages))
        for kind in ORDER:
            self.fields[f"{kind}_use"] = forms.BooleanField(label=LABELS[kind], required=False)
            self.fields[f"{kind}_at"] = forms.DateTimeField(
                label=_("Begins on"),
                help_text=_("Empty: when you say so."),
                widget=_Moment,
                required=False,
                disabled=kind in begun,
            )
            if kind in ASKED:
                self.fields[ASKED[kind]].required = not self.is_bound or f"{kind}_use" in self.data

    def rows(self) -> Iterator[Row]:
        """The steps from narrow to wide, for the page; the first kind has no date, since nothing comes before it."""
        for kind in ORDER:
            date = [] if kind == Stage.Kind.PRIVATE or self.fields[f"{kind}_at"].disabled else [f"{kind}_at"]
            asked = [ASKED[kind]] if kind in ASKED else []
            yield Row(kind, self[f"{kind}_use"], [self[name] for name in [*date, *asked]])

    def steps(self) -> list[Step]:
        values = self.cleaned_data
        return [
            Step(
                kind,
                values[f"{kind}_at"],
                gating=values["gated_gating"] or Gating.MANUAL,
                people=tuple(values["people_names"].replace(",", " ").split()),
                organizations=tuple(values["organization_names"].replace(",", " ").split()),
            )
            for kind in ORDER
            if values[f"{kind}_use"]
        ]


class SettingsUnderReleaseForm(SettingsForm):
    """The settings while a release is under way: another choice ends it, knowingly."""

    ends_release = forms.BooleanField(
        label=_("End the release in stages"),
        help_text=_(
            "Needed for another choice than the present step's: no date changes anything any more, and the people and "
            "organizations whom the steps name see and get only what everybody does."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        differs = any(values.get(name) not in (None, self.initial[name]) for name in ("visibility", "gating"))
        if differs and not values.get("ends_release"):
            self.add_error("ends_release", _("A release in stages is under way. Say that you want to end it."))
        return values


def _initial(owner: Namespace, stages: dict[str, Stage]) -> dict[str, Any]:
    values: dict[str, Any] = {"gated_gating": Gating.MANUAL}
    if owner.organization_id:
        values["organization_names"] = owner.name
    for kind, stage in stages.items():
        values |= {f"{kind}_use": True, f"{kind}_at": stage.starts_at}
        names = [str(reader.user or reader.organization) for reader in stage.readers.all()]
        if kind == Stage.Kind.PEOPLE:
            values["people_names"] = "\n".join(names)
        elif kind == Stage.Kind.ORGANIZATION:
            values["organization_names"] = " ".join(names)
        elif kind == Stage.Kind.GATED:
            values["gated_gating"] = stage.gating
    return values
