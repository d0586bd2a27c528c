import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.actions import LONGEST_COMMENT
from community.models import Comment
from moderation.intake.choices import Choice, Offer
from moderation.intake.claims import INSTEAD
from moderation.intake.fields import LinksField, PassageField
from moderation.intake.others import MOST_OTHERS, TOO_MANY
from moderation.intake.renewing import RenewableForm
from moderation.policy.models import Clause
from moderation.reports.details import Details
from moderation.reports.file_fields import FilesField
from moderation.reports.forms import WordsField
from moderation.reports.models import Report
from moderation.subjects.passages import RENDERING, Budget, Words
from repositories.holding import is_card
from repositories.names import LONGEST_PATH

_AGAIN = {"required": _("Please load the page again."), "invalid": _("Please load the page again.")}


NOT_THERE = _(
    "These words do not stand in what you report, as you can read it now; it may have been edited. Please correct "
    "them, or send the form again as it is: we keep your words."
)


class WhyForm(forms.Form):
    """What a reporter says, and may change while we have not decided: the words, where else to look, the passage."""

    use_required_attribute = False
    text = WordsField(
        label=_("Why do you think so?"),
        help_text=_("Where exactly, what happened, who is harmed: as much as you know. Up to 5,000 characters."),
        error_messages={"required": _("Tell us why, in a sentence or more.")},
    )
    passage = PassageField(
        label=_("Which words is it about?"),
        help_text=_("Copy them here if it is about a part of it only."),
    )
    links = LinksField(
        label=_("Where else can we see it?"),
        help_text=_("Up to ten addresses, one on each line."),
    )

    # What the reporter may read of what is reported; None where nobody asks.
    readable: Callable[[], str] | None = None
    # A passage that does not stand there: sent once more, it is taken as it is.
    doubted = ""

    def clean_passage(self) -> str:
        """The passage, which may have been doubted before."""
        passage: str = self.cleaned_data["passage"]
        if " ".join(self.data.get("doubted", "").split()) == " ".join(passage.split()):
            self.doubted = passage
        return passage

    def _post_clean(self) -> None:
        """Doubt, once, a passage that does not stand in what is reported; last, as it takes longest to find out.

        Never for what may be a matter of life: that is sent at once (C10).
        """
        super()._post_clean()  # type: ignore[misc]
        passage = self.cleaned_data.get("passage", "")
        known = passage in ("", self.doubted, self.initial.get("passage"))
        if not (self.errors or known or self.urgent) and self._is_missing(passage):
            self.doubted = passage
            self.add_error("passage", ValidationError(NOT_THERE, code="not_there"))

    def _is_missing(self, passage: str) -> bool:
        """Never of a text that is longer than a comment can be: the team learns it when it reads the report."""
        text = self.readable() if self.readable is not None else ""
        if self.readable is None or len(text) > LONGEST_COMMENT:
            return False
        file = self.data.get("file", "")
        budget = Budget((1 + RENDERING) * LONGEST_COMMENT)
        return not Words(text, budget=budget, is_markdown=not file or is_card(file)).hold(passage)

    @property
    def urgent(self) -> bool:
        """Whether somebody's life may be at stake."""
        return bool(self.data.get("danger"))

    def leave_out(self, names: Iterable[str]) -> None:
        """Do without fields that nobody may fill here."""
        for name in names:
            self.fields.pop(name, None)


class ChangeForm(WhyForm):
    """The same of a report that was sent, with files to add to those that came with it."""

    attachments = FilesField(
        label=_("Add pictures or documents that show it"),
        help_text=_("At most three in all, of 5 MB: pictures, PDF or plain text. Encrypted, for our team only."),
    )


class ReportForm(RenewableForm, WhyForm):
    """Which clause, why, evidence, against the rules or the law, and who may learn of it (C1, C2)."""

    clause = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose what is wrong. If nothing fits, choose “Something else”.")},
    )
    attachments = FilesField(
        label=_("Pictures or documents that show it"),
        help_text=_(
            "Up to three files of 5 MB: pictures, PDF or plain text. We keep them encrypted, for our team only."
        ),
    )
    # A single file at a commit, where the button beside it was pressed (B4).
    file = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_PATH)
    at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    others = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    danger = forms.BooleanField(label=_("Somebody’s life is in danger"), required=False)
    ground = forms.ChoiceField(
        label=_("Is it against our rules, or against the law?"),
        choices=Report.Ground.choices,
        initial=Report.Ground.RULES,
        widget=forms.RadioSelect,
        help_text=_("If you think it is against the law, say above which law, and in which country."),
    )
    good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I tell you is accurate and complete"),
        required=False,
        help_text=_("We need this only if you think that it is against the law."),
    )
    confidential = forms.BooleanField(
        label=_("Keep my report between me and the team"),
        required=False,
        help_text=_("No public discussion is opened, and nobody but the team learns that you reported."),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("We need this only if you think that it is against the law. Nobody but our team sees it."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "We send a link there: your report reaches us once you have opened it. Nobody but our team sees it."
        ),
        error_messages={"required": _("Tell us your address: we send you a link to confirm your report.")},
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=_AGAIN)

    def __init__(
        self,
        *args: Any,
        offer: Offer,
        chosen: Choice | None,
        user: User | None,
        picked: Iterable[Comment] = (),
        readable: Callable[[], str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`picked` are the other comments that were chosen to be reported in one go."""
        super().__init__(*args, **kwargs)
        self.readable = readable
        self.chosen = chosen
        self.picked = {str(one.public_id): one for one in picked}
        self.fields["others"].choices = [(key, "") for key in self.picked]  # type: ignore[attr-defined]
        self.fields["others"].error_messages["invalid_choice"] = _(
            "One of the other comments cannot be reported any more. Please choose again."
        )
        if offer.kind != "repository":
            self.leave_out(["file", "at"])
        sealed = chosen is not None and chosen.sealed
        if offer.kind != "repository" or user is None:
            # There is no choice: nobody but the team learns of it (C2).
            self.leave_out(["confidential"])
        if user is not None:
            self.leave_out(["email", "name"])
        else:
            # What nobody has confirmed yet is kept for two days: no files of strangers.
            self.leave_out(["attachments"])
        if sealed:
            # Nobody is asked to copy, download or send it, or who they are (C9; legal-facts.md).
            self.leave_out(["attachments", "passage", "name"])

    @property
    def urgent(self) -> bool:
        """Also where the clause says so."""
        return super().urgent or (self.chosen is not None and self.chosen.about_life)

    def clean_clause(self) -> Clause:
        """The clause. Raises ValidationError for one that is not in force."""
        if self.chosen is None:
            raise ValidationError(_("This choice does not exist any more. Please choose another one."), code="gone")
        return self.chosen.clause

    def clean(self) -> dict[str, Any]:
        """A notice of something unlawful needs a statement of good faith, and a name (legal-facts.md, notices).

        What concerns the rights of a third party is claimed with all particulars (C5).
        """
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.chosen is not None and self.chosen.claimed:
            self.add_error(None, INSTEAD)
        if values.get("ground") == Report.Ground.LAW:
            if not values.get("good_faith"):
                self.add_error(
                    "good_faith", _("Please confirm this: the law wants it from whoever reports a breach of it.")
                )
            if "name" in self.fields and not values.get("name"):
                self.add_error("name", _("Please tell us your name: the law wants it from whoever reports a breach."))
        return values

    def clean_others(self) -> list[Comment]:
        """The other comments that were chosen. Raises ValidationError for more than are taken in one go."""
        chosen = [self.picked[key] for key in dict.fromkeys(self.cleaned_data["others"])]
        if len(chosen) > MOST_OTHERS:
            raise ValidationError(TOO_MANY, code="many", params={"number": len(chosen), "most": MOST_OTHERS})
        return chosen

    def details(self, *, address: str) -> Details:
        """Evidence and circumstances; `address` is the hash of the sender's. Reports sent in one go share a batch."""
        values = self.cleaned_data
        return Details(
            links=values["links"],
            passage=values.get("passage", ""),
            danger=values["danger"],
            batch=values["request_id"] if values["others"] else None,
            address=address,
        )
