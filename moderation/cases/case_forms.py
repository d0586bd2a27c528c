"""The small forms of a case: words to a party, notes, hand over, snooze, track, reopen, links; and those of parties."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import people_named
from foundation.text import clean_text
from moderation.cases.actions import RequestOrder
from moderation.cases.actions.summaries import can_be_summed_up
from moderation.cases.actions.threads import LONGEST
from moderation.cases.forms import NAMING
from moderation.cases.models import Case, Party
from moderation.cases.queries import able_to_take
from moderation.policy.models import Clause
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure

USUAL_HOURS = settings.ANSWER_WITHIN // timedelta(hours=1)
# For how many hours we wait for what we ask for.
WINDOWS = [
    (24, _("24 hours")),
    (48, _("48 hours")),
    (USUAL_HOURS, _("72 hours, as usual")),
    (168, _("7 days")),
    (720, _("30 days")),
]
INVITED = [(value, label) for value, label in Party.Role.choices if value != Party.Role.OWNER]


class _Small(forms.Form):
    """One of several forms of a page: the ids of its controls begin with its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{type(self).__name__}_%s"
        super().__init__(*args, **kwargs)


class _Words(_Small):
    """Words in a textarea named `text`, under a request id of their own: sent twice, they count once."""

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}))
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    shortest = 1

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"request_id": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"], longest=LONGEST)
        if len(text) < self.shortest:
            raise forms.ValidationError(_("Say it in a few more words."))
        return text


class MessageForm(_Words):
    """Our words to a party."""

    # After names were found in the words: they must stay.
    naming = forms.BooleanField(required=False, label=_("The name must stay: they know it, or have to"))
    shortest = 3


class RequestForm(_Words):
    """What the owner is asked to do, by when, and our words, which may be read in public (E1)."""

    kinds = forms.MultipleChoiceField(
        label=_("What we ask for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you ask for.")},
    )
    documentation = forms.ChoiceField(
        label=_("Documented by"),
        choices=[(one.value, one.label) for one in KINDS[Measure.Kind.REQUEST_DOCUMENTATION].conditions],
        required=False,
    )
    hours = forms.TypedChoiceField(label=_("They have"), choices=WINDOWS, coerce=int, initial=USUAL_HOURS)
    naming = forms.BooleanField(required=False, label=_("The name must stay: they know it, or have to"))
    shortest = 10

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.code, kind.label) for kind in KINDS.values() if kind.asks]  # type: ignore[attr-defined]

    @property
    def orders(self) -> list[RequestOrder]:
        """What a valid form asks for."""
        chosen = {str(Measure.Kind.REQUEST_DOCUMENTATION): self.cleaned_data["documentation"]}
        return [RequestOrder(kind, chosen.get(kind, "")) for kind in self.cleaned_data["kinds"]]


class NoteForm(_Words):
    """A note that only the team reads."""


class AnswerForm(_Words):
    """What a party writes to us."""

    text = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}),
        help_text=_("Only our team reads it. Leave out what does not belong to it, such as passwords."),
        error_messages={"required": _("Write a few words before you send it.")},
    )


class InviteForm(_Small):
    """Who joins a case: somebody with an account by name, or an address."""

    role = forms.ChoiceField(label=_("As"), choices=INVITED)
    who = forms.CharField(label=_("User name or e-mail address"), max_length=254)
    name = forms.CharField(label=_("What they are called"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Writes in"), choices=settings.LANGUAGES, required=False)

    person: User | None = None

    def clean_who(self) -> str:
        """The address in lower case, or the name of somebody who is found in `person`."""
        who: str = self.cleaned_data["who"].strip()
        if "@" in who.lstrip("@"):
            return str(forms.EmailField().clean(who)).lower()
        self.person = people_named([who.lstrip("@").lower()]).first()
        if self.person is None or self.person.is_guest:
            raise forms.ValidationError(_("Nobody of this name is here. Write an e-mail address to invite somebody."))
        return who


class HandOverForm(_Small):
    """A colleague, and what they should know."""

    to = forms.ModelChoiceField(
        label=_("To"), queryset=User.objects.none(), to_field_name="username", empty_label=_("Choose somebody")
    )
    note = forms.CharField(
        label=_("What they should know"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2_000}),
    )

    def __init__(self, *args: Any, case: Case, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = able_to_take(case).exclude(pk=actor.pk)  # type: ignore[attr-defined]


class SnoozeForm(_Small):
    """A moment in the reader's zone, and what is waited for."""

    until = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("What we wait for"), max_length=500)


class ReasonForm(_Small):
    """Why, in a sentence that stays in the team."""

    reason = forms.CharField(label=_("Why"), min_length=10, max_length=2_000)


class WithdrawForm(ReasonForm):
    """Why a condition holds no more: whoever manages the repository reads it (E5)."""

    naming = forms.BooleanField(required=False, label=NAMING)
    # Whether a name was found in the words, which may stay (C2).
    confirmable = False


class TrackForm(ReasonForm):
    """Whether we act at once or work it out with the owner (D3)."""

    track = forms.ChoiceField(label=_("Track"), choices=Clause.Track.choices)


class SummaryForm(_Small):
    """What we say in public about a matter, in our own words (C2)."""

    text = forms.CharField(label=_("In our words"), min_length=10, max_length=5_000, widget=forms.Textarea)


class LinkForm(_Small):
    """Another case by its address or id."""

    other = forms.CharField(label=_("Address of the other case"), max_length=300)

    def clean_other(self) -> uuid.UUID:
        """The id at the end of what was written."""
        said: str = self.cleaned_data["other"].strip().partition("?")[0].partition("#")[0].rstrip("/")
        try:
            return uuid.UUID(said.rpartition("/")[2])
        except ValueError:
            raise forms.ValidationError(_("This is no address of a case.")) from None


def blank_forms(case: Case, actor: User) -> dict[str, Any]:
    """The forms of the page of `case` before anybody wrote into one; `words_for` names the refused message's party."""
    return {
        "message_form": MessageForm(),
        "words_for": "",
        "note_form": NoteForm(),
        "request_form": RequestForm() if case.subject.repository_id else None,
        "withdraw_form": WithdrawForm(),
        "invite_form": InviteForm(initial={"language": "en"}),
        "hand_over_form": HandOverForm(case=case, actor=actor),
        "snooze_form": SnoozeForm(),
        "track_form": TrackForm(initial={"track": case.track}),
        "reopen_form": ReasonForm(),
        "summary_form": SummaryForm() if can_be_summed_up(case) else None,
        "link_form": LinkForm(),
        "names": [],
        "answer_hours": settings.ANSWER_WITHIN // timedelta(hours=1),
        "needs_override": False,
        "needs_why": False,
    }
