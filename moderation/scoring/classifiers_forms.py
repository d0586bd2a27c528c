"""The administration's form of a classifier: what is wrong is said beside the field, with what to do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classifiers.registry import ENGINES, FORBIDDEN_OPTIONS
from classifiers.sources import COMMIT, HUB_ID, is_folder
from moderation.scoring.models import Classifier, ClassifierLabel, Score
from moderation.scoring.storable import StorableDecoder

# Where it runs may change at any time; what it says then has its own provenance (H7).
FREE = {"device", "precision"}


class ClassifierForm(forms.ModelForm):  # type: ignore[type-arg]
    engine = forms.ChoiceField(label=_("engine"), choices=[(name, name) for name in ENGINES])

    class Meta:
        model = Classifier
        fields = (
            "name",
            "version",
            "kind",
            "engine",
            "model",
            "revision",
            "languages",
            "device",
            "precision",
            "options",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = self.fields.get("options")
        if isinstance(options, forms.JSONField):
            options.decoder = StorableDecoder
            options.error_messages["invalid"] = _(
                "Enter valid JSON, without NaN, Infinity, the character zero and halves of characters."
            )

    def clean_options(self) -> dict[str, Any]:
        options = self.cleaned_data["options"] or {}
        if not isinstance(options, dict):
            raise ValidationError(_("Write an object: {“option”: value}, or leave it empty."))
        if forbidden := sorted(FORBIDDEN_OPTIONS & set(options)):
            words = _("“%(option)s” cannot be set: no code and no pickle of a model is ever loaded. Remove it.")
            raise ValidationError(words % {"option": forbidden[0]})
        return options

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        # Lists and JSON count as changed as soon as they are written otherwise: compared is what they say.
        said = {name for name in values if name not in FREE and values[name] != getattr(self.instance, name)}
        if said and has_scored(self.instance):
            raise ValidationError(scored_already())
        engine = ENGINES.get(values.get("engine", ""))
        if engine is None or "model" not in values or "revision" not in values:
            return values
        if values.get("kind") and values["kind"] not in engine.kinds:
            words = _("This engine reads %(kinds)s: choose that, or another engine.")
            self.add_error("kind", words % {"kinds": ", ".join(engine.kinds)})
        self._clean_source(engine.model, values["model"], values["revision"])
        return values

    def _clean_source(self, needed: str, model: str, revision: str) -> None:
        if needed == "none" and model:
            self.add_error("model", _("This engine has no model: leave it empty."))
        elif needed == "required" and not model:
            self.add_error("model", _("This engine needs a model: name a folder (an absolute path), or a hub’s id."))
        elif model and not is_folder(model):
            if not HUB_ID.fullmatch(model):
                self.add_error("model", _("Name a folder (an absolute path), or a hub’s id (name/model)."))
            elif not COMMIT.fullmatch(revision):
                words = _("A hub’s model can change: give the 40 digits of the commit that was looked at, no branch.")
                self.add_error("revision", words)
        elif revision:
            self.add_error("revision", _("Only a hub’s model has a revision: leave it empty."))


def has_scored(row: Classifier) -> bool:
    """Whether there are scores of it: they say what it was, and a change would make that wrong (H7)."""
    return row.pk is not None and Score.objects.filter(revision__classifier=row.code).exists()


def scored_already() -> Any:
    """What the forms say then."""
    return _("It has scored already, and its scores say what it was: add a further version instead.")


class ClassifierLabelFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The labels of a classifier; none changes once there are scores."""

    def clean(self) -> None:
        super().clean()
        if self.has_changed() and has_scored(self.instance):
            raise ValidationError(scored_already())


class ClassifierLabelForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ClassifierLabel
        fields = ("name", "output", "clause", "threshold", "confident_threshold")
