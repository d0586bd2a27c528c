import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from foundation.text import clean_text
from moderation.intake.fields import LinksField
from moderation.intake.renewing import RenewableForm
from moderation.intake.team_entry import EARLIEST_YEAR
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.reports.details import SenderDetails
from moderation.reports.forms import WordsField
from moderation.reports.models import Report
from moderation.subjects.lookup import Target, find_by_address

_AGAIN = {"required": _("Please load the page again."), "invalid": _("Please load the page again.")}
MOMENT = "%Y-%m-%dT%H:%M"


class ArrivedForm(RenewableForm):
    """What something that arrived is about, who sent it, how and when (C3)."""

    use_required_attribute = False
    address = forms.CharField(
        label=_("What is it about?"),
        max_length=500,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("The address of the repository, discussion, comment, person or organization on this hub."),
        error_messages={"required": _("Paste the address of what it is about.")},
    )
    channel = forms.ChoiceField(
        label=_("How did it arrive?"),
        choices=[(channel.value, channel.label) for channel in Report.ENTERED],
        initial=Report.Channel.MAIL,
        widget=forms.RadioSelect,
    )
    received_at = forms.DateTimeField(
        label=_("When did it arrive?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=_("From this moment on we count how long we took. In your time zone."),
        error_messages={"required": _("Say when it arrived."), "invalid": _("This is no moment we understand.")},
    )
    sender_name = forms.CharField(label=_("Name of the sender"), required=False, max_length=200)
    contact = forms.CharField(
        label=_("Their e-mail address, number or account"),
        required=False,
        max_length=300,
        help_text=_("To an e-mail address we send what we decided. Without one they hear nothing from us."),
    )
    reference = forms.CharField(label=_("Their file number, or where the message lies"), required=False, max_length=200)
    language = forms.ChoiceField(label=_("Language we write to them in"), choices=settings.LANGUAGES)
    links = LinksField(label=_("Addresses they name"), help_text=_("Up to ten addresses, one on each line."))
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=_AGAIN)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_address(self) -> Target:
        """The thing, as the one who enters may see it. Raises ValidationError when there is none."""
        try:
            return find_by_address(self.cleaned_data["address"], self.actor)
        except Refused as refusal:
            raise ValidationError(str(refusal.message), code=refusal.code) from None

    def clean_received_at(self) -> datetime:
        moment: datetime = self.cleaned_data["received_at"]
        if moment > clock.now():
            raise ValidationError(_("This moment has not come yet."), code="future")
        if moment.year < EARLIEST_YEAR:
            raise ValidationError(_("This is no moment we understand."), code="invalid")
        return moment

    def clean_sender_name(self) -> str:
        return clean_text(self.cleaned_data["sender_name"], longest=200)

    def clean_contact(self) -> str:
        return clean_text(self.cleaned_data["contact"], longest=300)

    def clean_reference(self) -> str:
        return clean_text(self.cleaned_data["reference"], longest=200)

    def clean(self) -> dict[str, Any]:
        """An order is worth what its sender is: who and under which number must be there."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("channel") == Report.Channel.AUTHORITY:
            if "sender_name" in values and not values["sender_name"]:
                self.add_error("sender_name", _("Say which authority sent the order."))
            if "reference" in values and not values["reference"]:
                self.add_error("reference", _("Say under which file number the authority sent the order."))
        return values

    def sender(self) -> SenderDetails:
        values = self.cleaned_data
        return SenderDetails(values["sender_name"], values["contact"], values["reference"], values["received_at"])


class EntryForm(ArrivedForm):
    """A report that arrived, with what it says."""

    clause = forms.ModelChoiceField(
        label=_("What do they say is wrong?"),
        queryset=Clause.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a clause"),
        error_messages={"required": _("Choose the clause that comes nearest.")},
    )
    ground = forms.ChoiceField(
        label=_("Against our rules, or against the law?"),
        choices=Report.Ground.choices,
        initial=Report.Ground.RULES,
        widget=forms.RadioSelect,
    )
    text = WordsField(
        label=_("What do they say?"),
        help_text=_("In their words, as it arrived. Leave out what is of nobody’s concern."),
        error_messages={"required": _("Enter what they say, in a sentence or more.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = active_clauses().select_related("lane")  # type: ignore[attr-defined]
