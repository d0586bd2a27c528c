import uuid
from dataclasses import asdict
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text, required_text
from moderation.intake.renewing import RenewableForm
from moderation.reports.actions.claims import Answer, Particulars
from moderation.reports.forms import WordsField
from moderation.reports.models import RightsClaim

LONGEST = 5_000
_AGAIN = {"required": _("Please load the page again."), "invalid": _("Please load the page again.")}


class LineField(forms.CharField):
    """One or several lines without anything invisible in them."""

    def __init__(self, *, longest: int = 200, rows: int = 0, complete: str = "", **options: Any) -> None:
        attributes: dict[str, Any] = {"autocomplete": complete} if complete else {}
        widget = forms.Textarea(attrs={"rows": rows, **attributes}) if rows else forms.TextInput(attrs=attributes)
        self.longest = longest
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> str:
        """`value`, cleaned. Raises ValidationError saying what to change."""
        text = super().clean(value)
        return required_text(text, longest=self.longest) if self.required else clean_text(text, longest=self.longest)


class ClaimForm(RenewableForm):
    """What a claim of rights has to say (legal-facts.md, copyright notice); of an `incomplete` one some can follow."""

    use_required_attribute = False
    no_way: Any = _("Tell us one way to reach you: address, telephone or e-mail.")
    right = forms.ChoiceField(
        label=_("Which right is it?"), choices=RightsClaim.Right.choices, widget=forms.RadioSelect, initial="copyright"
    )
    work = WordsField(
        label=_("Which work, mark or invention is it?"),
        help_text=_("What it is called, and where it can be seen: an address, a registration number."),
        error_messages={"required": _("Tell us which work, mark or invention it is.")},
    )
    location = LineField(
        label=_("What infringes it, and where exactly does it lie?"),
        longest=LONGEST,
        rows=4,
        help_text=_("Which files, which part of the text, which passages."),
    )
    holder = LineField(label=_("Who holds the right?"))
    name = LineField(label=_("Your full name"), complete="name")
    address = LineField(
        label=_("Your address"), required=False, longest=1_000, rows=3, complete="street-address",
        help_text=_("One way to reach you is enough: address, telephone or e-mail."),
    )  # fmt: skip
    phone = LineField(label=_("Your telephone number"), required=False, longest=60, complete="tel")
    email = forms.EmailField(
        label=_("Your e-mail address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    good_faith = forms.BooleanField(
        label=_("I believe in good faith that neither the holder, nor an agent of the holder, nor the law allows it"),
    )
    accurate = forms.BooleanField(
        label=_("What I say here is accurate, and, under penalty of perjury, I may act for the holder of the right"),
    )
    signature = LineField(label=_("Your signature"), help_text=_("Write your full name: that is your signature."))
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=_AGAIN)

    def __init__(self, *args: Any, incomplete: bool = False, guest: bool = False, **kwargs: Any) -> None:
        """Of a `guest` the address is asked for: we send a link there that confirms the claim."""
        super().__init__(*args, **kwargs)
        self.incomplete = incomplete
        if guest:
            self.fields["email"].required = True
            self.fields["email"].help_text = _("We send a link there: your claim reaches us once you have opened it.")
        if incomplete:
            for name in ("location", "holder", "name", "good_faith", "accurate", "signature"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """One way to reach the claimant is enough."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        ways = ("email", "phone", "address")
        if not self.incomplete and not any(values.get(name) or name in self.errors for name in ways):
            self.add_error("email", self.no_way)
        return values

    @property
    def missing(self) -> list[Any]:
        """What it lacks to be complete; nothing where other things are wrong too, or nothing was sent."""
        stated = self.stated
        return stated.missing if stated else []

    @property
    def stated(self) -> RightsClaim | None:
        """What was sent as a claim that is not saved, however much it lacks; None where other things are wrong."""
        as_it_is = type(self)(self.data, prefix=self.prefix, incomplete=True) if self.is_bound else None
        if as_it_is is None or not as_it_is.is_valid():
            return None
        return RightsClaim(**asdict(as_it_is.particulars()))

    def particulars(self) -> Particulars:
        return Particulars(**{name: self.cleaned_data[name] for name in Particulars.__dataclass_fields__})


class EnteredClaimForm(ClaimForm):
    """The same of a claim that reached us elsewhere: what somebody else states, entered by the team (C3)."""

    no_way = _("Enter one way to reach them: address, telephone or e-mail.")
    request_id = None  # type: ignore[assignment]  # the form beside it has one
    LABELS: ClassVar = {
        "name": _("Full name of whoever claims it"),
        "address": _("Their address"),
        "phone": _("Their telephone number"),
        "email": _("Their e-mail address"),
        "good_faith": _(
            "They believe in good faith that neither the holder, nor an agent of the holder, nor the law allows it"
        ),
        "accurate": _("They say that it is accurate, and, under penalty of perjury, that they may act for the holder"),
        "signature": _("Their signature"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=kwargs.pop("prefix", "claim"), **kwargs)
        for name, label in self.LABELS.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("autocomplete", None)
        self.fields["address"].help_text = _("One way to reach them is enough: address, telephone or e-mail.")
        self.fields["signature"].help_text = _("The name it was signed with.")

    @property
    def missing(self) -> list[Any]:
        """The same as ClaimForm's, in words about the claimant."""
        stated = self.stated
        return stated.missing_for_team if stated else []


class SuitForm(forms.Form):
    """Which suit the claimant filed, so that we keep closed what was contradicted."""

    use_required_attribute = False
    suit = WordsField(
        label=_("Which court, and under which number?"),
        help_text=_("Only our team reads it. Whoever contradicted you learns that you filed a suit."),
        error_messages={"required": _("Tell us which court it is, and the number of the suit.")},
    )


class CounterForm(forms.Form):
    """What a counter-statement has to say (legal-facts.md, counter-notice): all of it."""

    use_required_attribute = False
    text = WordsField(
        label=_("Why is it a mistake?"),
        help_text=_("Why the claim, or what was closed for it, is a mistake or a misidentification."),
        error_messages={"required": _("Tell us why it is a mistake.")},
    )
    location = LineField(
        label=_("What was closed, and where did it lie before?"), longest=LONGEST, rows=3,
        error_messages={"required": _("Name what was closed.")},
    )  # fmt: skip
    name = LineField(label=_("Your full name"), complete="name")
    address = LineField(label=_("Your address"), longest=1_000, rows=3, complete="street-address")
    phone = LineField(label=_("Your telephone number"), longest=60, complete="tel")
    good_faith = forms.BooleanField(
        label=_("Under penalty of perjury: I believe in good faith that it was closed by mistake or misidentification"),
        error_messages={"required": _("Without this the law knows no counter-statement.")},
    )
    jurisdiction = forms.BooleanField(
        label=_("I consent to the jurisdiction of the court at my address, and accept service from the claimant"),
        error_messages={"required": _("Without this the law knows no counter-statement.")},
    )
    signature = LineField(label=_("Your signature"), help_text=_("Write your full name: that is your signature."))

    def answer(self) -> Answer:
        return Answer(**{name: self.cleaned_data[name] for name in Answer.__dataclass_fields__})
