import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from moderation.appeals.actions.talking import LONGEST
from moderation.appeals.models import Appeal
from moderation.appeals.wording import MeasureLine
from moderation.cases.forms import NAMING
from moderation.reports.file_fields import FilesField
from moderation.reports.forms import IdsField, WordsField

ATTACHMENTS_HELP = _("Up to three files of at most 5 MB each: pictures, PDF or text. Only our team sees them.")


class AppealForm(forms.Form):
    """Why the decision is wrong (G2)."""

    use_required_attribute = False
    text = WordsField(
        label=_("Why do you think that we are wrong?"),
        help_text=_("What we overlooked, misunderstood or should weigh differently. Up to 5,000 characters."),
        error_messages={"required": _("Tell us why, in a sentence or more.")},
    )
    attachments = FilesField(label=_("Files that show it"), help_text=ATTACHMENTS_HELP)


class _Message(forms.Form):
    """Words under a request id of their own: sent twice, they count once."""

    use_required_attribute = False
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        text: str = clean_text(self.cleaned_data["text"], longest=LONGEST)
        return text


class SayForm(_Message):
    """What whoever contests writes to us: words, files, or both."""

    text = forms.CharField(
        label=_("Your words"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}),
        help_text=_("Only our team reads it. Leave out what does not belong to it, such as passwords."),
        required=False,
    )
    attachments = FilesField(label=_("Files that show it"), help_text=ATTACHMENTS_HELP)

    def clean(self) -> dict[str, Any]:
        """Words are needed where no file is sent."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not values.get("text") and not values.get("attachments"):
            self.add_error("text", _("Write a few words before you send it."))
        return values


class AskForm(_Message):
    """Our words to whoever contests, before we answer (G2)."""

    appeal = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Our words"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
        help_text=_("They read this as it stands, from “Ombud”. Never name who reported it or who else takes part."),
        error_messages={"required": _("Write a few words before you send it.")},
    )
    # After names were found in the words: they must stay.
    naming = forms.BooleanField(required=False, label=_("The name must stay: they know it, or have to"))

    def __init__(self, *args: Any, appeal: uuid.UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("appeal", appeal)
        # Several appeals may stand on one page: ids of one form must not be those of another.
        self.auto_id = f"ask-{self['appeal'].value()}_%s"


class AnswerForm(forms.Form):
    """The team's answer to an appeal, which the appellant reads (G2)."""

    use_required_attribute = False
    appeal = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (Appeal.State.UPHELD, _("We were wrong")),
            (Appeal.State.PARTLY, _("We were wrong in part")),
            (Appeal.State.REJECTED, _("The decision stands")),
        ],
        error_messages={"required": _("Choose whether the decision stands.")},
    )
    lift = IdsField(
        label=_("In part: what is lifted"),
        required=False,
        help_text=_("What you leave out stays as it is."),
    )
    answer = WordsField(
        label=_("Your words to the person"),
        error_messages={"required": _("Explain your answer in a sentence: the person will read it.")},
    )
    # After a name, or words of a report, were found in the words (C2).
    naming = forms.BooleanField(required=False, label=NAMING)
    bad_faith = forms.BooleanField(
        label=_("Contested in bad faith"),
        required=False,
        help_text=_("Only with “The decision stands”: without any ground, knowingly or without looking. After three "
                    "within half a year we write to the person, after two more we limit how many they can send."),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Sequence[MeasureLine] | None = None, **kwargs: Any) -> None:
        """`choices` are the measures that a partial answer may lift; none: there is nothing to choose among."""
        super().__init__(*args, **kwargs)
        # Several appeals may stand on one page: ids of one form must not be those of another.
        self.auto_id = f"{self['appeal'].value()}_%s"
        if choices is not None:
            self.offer(choices)

    def offer(self, choices: Sequence[MeasureLine]) -> None:
        """Show these measures to choose from; of fewer than two nothing can be lifted in part."""
        state: Any = self.fields["state"]
        if len(choices) < 2:
            del self.fields["lift"]
            state.choices = [one for one in state.choices if one[0] != Appeal.State.PARTLY]
            return
        widget: Any = self.fields["lift"].widget
        widget.choices = [(str(one.measure.public_id), one.label) for one in choices]
