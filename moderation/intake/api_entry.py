"""The team enters what arrived elsewhere, for programs (K1, C3)."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, ErrorOutput, checked, idempotency_key
from moderation.cases.api.base import KEY, TeamEndpoint
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.intake.api import LinksField
from moderation.intake.api_claims import PARTICULARS, ParticularsInput, stated_in
from moderation.intake.team_entry import CLAIM_IT, enter_report
from moderation.policy.api import ClauseField
from moderation.reports.actions.claims import CLAUSE
from moderation.reports.details import SenderDetails
from moderation.reports.forms import LONGEST, SHORTEST
from moderation.reports.models import Report
from moderation.subjects.lookup import find_by_address

ENTERED = [(channel.value, channel.label) for channel in Report.ENTERED]
EXAMPLE = {
    "address": "/nok/tiny-model/discussions/3#comment-6f1f7d0c-3a35-4d66-9c5e-0d6c8a2b7e11",
    "channel": "authority",
    "received_at": "2026-11-19T09:30:00Z",
    "sender_name": "Example Regional Court",
    "contact": "registry@court.example",
    "reference": "12 O 34/26",
    "language": "en",
    "clause": "harassment",
    "ground": "law",
    "text": "The court orders that this comment is taken down.",
}

CLAIM = {
    "address": "/nok/tiny-model",
    "channel": "mail",
    "received_at": "2026-11-19T09:30:00Z",
    "sender_name": "Example Books",
    "contact": "rights@books.example",
    "clause": CLAUSE,
    "claim": PARTICULARS,
}


class EntryInput(serializers.Serializer[Any]):
    address = CleanTextField(longest=500, help_text="Of what it is about, on this site; or `comment:` and its id.")
    channel = serializers.ChoiceField(choices=ENTERED, help_text="How it arrived.")
    received_at = serializers.DateTimeField(help_text="When it arrived; from then on we count how long we took.")
    sender_name = CleanTextField(longest=200, required=False, allow_blank=True)
    contact = CleanTextField(
        longest=300, required=False, allow_blank=True,
        help_text="Their e-mail address, to which we send what we decided; or a number, an account.",
    )  # fmt: skip
    reference = CleanTextField(longest=200, required=False, allow_blank=True, help_text="Their file number.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="en", help_text="We write to them in it.")
    clause = ClauseField(help_text="What they say is wrong.")
    ground = serializers.ChoiceField(choices=Report.Ground.choices, default=Report.Ground.RULES)
    text = CleanTextField(
        longest=LONGEST, min_length=SHORTEST, required=False,
        help_text="In their words, as it arrived; needed for everything but a claim.",
    )  # fmt: skip
    claim = ParticularsInput(required=False, help_text="What a claim of rights states, instead of `text`.")
    links = LinksField(required=False, help_text="Addresses they name.")
    request_id = serializers.UUIDField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The rules of the page: what claims a right has particulars, everything else has words."""
        if attrs["clause"].code == CLAUSE and "claim" not in attrs:
            raise serializers.ValidationError({"claim": [CLAIM_IT]})
        if "claim" in attrs and "text" in attrs:
            raise serializers.ValidationError({"text": [_NO_OTHER_WORDS]})
        if "claim" not in attrs and "text" not in attrs:
            raise serializers.ValidationError({"text": [_("Enter what they say, in a sentence or more.")]})
        if "claim" in attrs:
            try:
                attrs["claim"] = stated_in(attrs["claim"])
            except serializers.ValidationError as error:
                raise serializers.ValidationError({"claim": error.detail}) from None
        return attrs


_NO_OTHER_WORDS = _("The words of a claim are its particulars: send no others.")


class EntryOutput(serializers.Serializer[Any]):
    report = serializers.UUIDField(read_only=True)
    case = serializers.UUIDField(read_only=True, allow_null=True, help_text="Null where it is not yours to see.")


class Entries(TeamEndpoint):
    @extend_schema(
        summary="Enter what arrived elsewhere",
        parameters=[KEY],
        request=EntryInput,
        responses={201: EntryOutput, 200: EntryOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample("An order", value=EXAMPLE, request_only=True),
            OpenApiExample("A claim by mail", value=CLAIM, request_only=True),
        ],
    )
    def post(self, request: SignedIn) -> Response:
        """Make a confidential report of a mail, a message, a call or an order; its sender is kept as it arrived.

        An order needs `sender_name` and `reference`. Under the clause `third-party-rights` it is a claim, with what it
        states in `claim`: 400 names what is missing, unless you send it as `incomplete`. The same request sent again is
        answered 200; 409 (`already_reported`) when an open report of the same thing was entered for this sender before.
        """
        asked = checked(EntryInput, request.data)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        known = key is not None and Report.objects.filter(request_id=key, entered_by=request.user).exists()
        name, contact, reference = (asked.pop(part, "") for part in ("sender_name", "contact", "reference"))
        sender = SenderDetails(name, contact, reference, asked.pop("received_at"))
        target = find_by_address(asked.pop("address"), request.user)
        asked["links"] = tuple(asked.get("links", ()))
        asked.setdefault("text", "")
        report = enter_report(target, sender=sender, request_id=key, actor=request.user, **asked)
        case = open_to(Case.objects.filter(case_reports__report=report), request.user).first()
        shown = EntryOutput({"report": report.public_id, "case": case.public_id if case else None}).data
        return Response(shown, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)
