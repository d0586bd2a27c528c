"""Claims of rights and counter-statements, for programs (K1, C5)."""

import uuid
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, Endpoint, ErrorOutput, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions.counter import counter, note_suit, tell_of_suit
from moderation.cases.api.base import KEY, TeamEndpoint
from moderation.intake.claims import claim_to_answer, complete_claim, file_claim, statement_to_judge, states
from moderation.intake.claims_forms import LONGEST, ClaimForm, CounterForm
from moderation.reports.actions.claims import Particulars
from moderation.reports.addresses import digest
from moderation.reports.api import ClaimFactsOutput, ClaimOutput, CounterOutput
from moderation.reports.models import CounterStatement, Report, RightsClaim
from moderation.subjects.api import SubjectInput
from moderation.subjects.lookup import find_target

PARTICULARS = {
    "right": "copyright",
    "work": "My novel “The long way”, https://books.example/1",
    "location": "The file train.txt, lines 1 to 400",
    "holder": "Iris Example",
    "name": "Iris Example",
    "email": "iris@books.example",
    "good_faith": True,
    "accurate": True,
    "signature": "Iris Example",
}
SUBJECT = {"kind": "repository", "id": "6f1f7d0c-3a35-4d66-9c5e-0d6c8a2b7e11"}
COUNTER = {
    "text": "It is my own text, written in 2019.",
    "location": "The repository as a whole",
    "name": "Nok Example",
    "address": "1 River Road, Bangkok",
    "phone": "+66 2 1234",
    "good_faith": True,
    "jurisdiction": True,
    "signature": "Nok Example",
}


class ParticularsInput(serializers.Serializer[Any]):
    """What a claim has to say. Of an `incomplete` one everything but `right` and `work` can follow."""

    right = serializers.ChoiceField(choices=RightsClaim.Right.choices)
    work = CleanTextField(longest=LONGEST, help_text="What it is called, and where it can be seen.")
    location = CleanTextField(
        longest=LONGEST, required=False, allow_blank=True, help_text="What infringes it, and where exactly it lies."
    )
    holder = CleanTextField(longest=200, required=False, allow_blank=True, help_text="Who holds the right.")
    name = CleanTextField(longest=200, required=False, allow_blank=True, help_text="Your full name.")
    address = CleanTextField(
        longest=1_000, required=False, allow_blank=True, help_text="One way to reach you is enough: this, …"
    )
    phone = CleanTextField(longest=60, required=False, allow_blank=True, help_text="… this, …")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, help_text="… or this.")
    good_faith = serializers.BooleanField(
        default=False, help_text="You believe in good faith that neither the holder nor the law allows it."
    )
    accurate = serializers.BooleanField(
        default=False, help_text="It is accurate, and, under penalty of perjury, you may act for the holder."
    )
    signature = CleanTextField(longest=200, required=False, allow_blank=True, help_text="Your full name again.")
    incomplete = serializers.BooleanField(default=False, help_text="Take it as it is; you complete it later.")


class ClaimInput(ParticularsInput):
    subject = SubjectInput(help_text="What infringes the right.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class CounterInput(serializers.Serializer[Any]):
    """All of it is needed; whoever made the claim gets a copy, with your name, address and telephone number."""

    text = CleanTextField(longest=LONGEST, help_text="Why it is a mistake or a misidentification.")
    location = CleanTextField(longest=LONGEST, help_text="What was closed, and where it lay before.")
    name = CleanTextField(longest=200)
    address = CleanTextField(longest=1_000)
    phone = CleanTextField(longest=60)
    good_faith = serializers.BooleanField(
        help_text="Under penalty of perjury: you believe in good faith that it is a mistake."
    )
    jurisdiction = serializers.BooleanField(
        help_text="You consent to the jurisdiction of the court at your address, and accept service."
    )
    signature = CleanTextField(longest=200)


class SuitInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST, min_length=10, help_text="Which court, and under which number.")


class AgainstYouOutput(serializers.Serializer[Any]):
    """A claim in what is yours, and your side's answer to it, if there is one."""

    claim = ClaimFactsOutput(read_only=True)
    counter_statement = CounterOutput(read_only=True, allow_null=True)


class Claims(Endpoint):
    @extend_schema(
        summary="Claim a right",
        parameters=[KEY],
        request=ClaimInput,
        responses={201: ClaimOutput, 200: ClaimOutput, 409: ErrorOutput, 429: ErrorOutput},
        examples=[OpenApiExample("A novel", value={"subject": SUBJECT, **PARTICULARS}, request_only=True)],
    )
    def post(self, request: SignedIn) -> Response:
        """Say that something infringes a right: a confidential report with its particulars, in a lane of its own.

        400 names what is missing, unless you send it as `incomplete`. Whoever has something closed for it learns your
        name. The same request sent again is answered 200.
        """
        asked = checked(ClaimInput, request.data)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id) or uuid.uuid4()
        subject = asked.pop("subject")
        target = find_target(subject["kind"], subject["id"], request.user)
        particulars = stated_in(asked)
        known = Report.objects.filter(request_id=key, reporter=request.user).exists()
        filed = file_claim(target, particulars, request_id=key, address=digest(request), actor=request.user)
        shown = ClaimOutput(_own(filed.public_id, request.user)).data
        return Response(shown, status=status.HTTP_200_OK if known else status.HTTP_201_CREATED)


class OneClaim(Endpoint):
    @extend_schema(summary="A claim of yours", responses=ClaimOutput)
    def get(self, request: SignedIn, report_id: UUID) -> Response:
        """The particulars of a claim you made, and what it lacks; its outcome is that of its report."""
        return Response(ClaimOutput(_own(report_id, request.user)).data)

    @extend_schema(
        summary="Complete a claim of yours",
        request=ParticularsInput,
        responses={200: ClaimOutput, 409: ErrorOutput},
        examples=[OpenApiExample("All of it", value=PARTICULARS, request_only=True)],
    )
    def put(self, request: SignedIn, report_id: UUID) -> Response:
        """Replace the particulars of an open claim; what it said before stays with the team. 409 once it is closed."""
        asked = checked(ParticularsInput, request.data)
        claim = _own(report_id, request.user)
        particulars = stated_in(asked)
        if states(claim) != particulars:
            complete_claim(claim.report, particulars, actor=request.user)
        return Response(ClaimOutput(_own(report_id, request.user)).data)


class OwnSuit(Endpoint):
    @extend_schema(
        summary="Tell us of your suit",
        parameters=[KEY],
        request=SuitInput,
        responses={200: CounterOutput, 409: ErrorOutput},
        examples=[OpenApiExample("A suit", value={"text": "Civil Court, Bangkok, 123/2037"}, request_only=True)],
    )
    def post(self, request: SignedIn, report_id: UUID) -> Response:
        """Your claim was contradicted and you filed a suit: what was closed stays closed.

        409 (`not_contradicted`) while nobody contradicted it, and (`settled`) when that is noted, or too late.
        """
        asked = checked(SuitInput, request.data)
        key = idempotency_key(request, None, request.user.public_id)
        claim = _own(report_id, request.user)
        statement = tell_of_suit(claim, text=asked["text"], actor=request.user, request_id=key)
        return Response(CounterOutput(statement).data)


class CounterStatements(Endpoint):
    @extend_schema(summary="A claim in what is yours", responses=AgainstYouOutput)
    def get(self, request: SignedIn, report_id: UUID) -> Response:
        """What is claimed and by whom, for the owner side of what we closed for it; and the answer that was sent."""
        return Response(self._shown(claim_to_answer(report_id, request.user)))

    @extend_schema(
        summary="Send a counter-statement",
        request=CounterInput,
        responses={201: AgainstYouOutput, 200: AgainstYouOutput, 409: ErrorOutput},
        examples=[OpenApiExample("A mistake", value=COUNTER, request_only=True)],
    )
    def post(self, request: SignedIn, report_id: UUID) -> Response:
        """Say that a claim is a mistake: ten business days later what we closed is open again, unless they sue.

        The same one sent again is answered 200; 409 (`exists`) for another one.
        """
        asked = checked(CounterInput, request.data)
        claim = claim_to_answer(report_id, request.user)
        answer = _checked(CounterForm, asked).answer()
        known = CounterStatement.objects.filter(claim=claim, author=request.user, **asdict(answer)).exists()
        if not known:
            counter(claim, answer, actor=request.user)
        code = status.HTTP_200_OK if known else status.HTTP_201_CREATED
        return Response(self._shown(claim_to_answer(report_id, request.user)), status=code)

    def _shown(self, claim: RightsClaim) -> Any:
        sent = CounterStatement.objects.filter(claim=claim).select_related("author").first()
        return AgainstYouOutput({"claim": claim, "counter_statement": sent}).data


class Suit(TeamEndpoint):
    @extend_schema(
        summary="Note a suit",
        parameters=[KEY],
        request=None,
        responses={204: OpenApiResponse(description="Noted: what was closed stays closed."), 409: ErrorOutput},
    )
    def post(self, request: SignedIn, counter_id: UUID) -> Response:
        """The claimant filed a suit: nothing is restored by itself. 409 (`settled`) when that is noted, or too late."""
        key = idempotency_key(request, None, request.user.public_id)
        note_suit(statement_to_judge(counter_id, request.user), actor=request.user, request_id=key)
        return Response(status=status.HTTP_204_NO_CONTENT)


def stated_in(asked: dict[str, Any]) -> Particulars:
    """What checked input of ParticularsInput states. Raises ValidationError naming what is missing."""
    said = {name: value for name, value in asked.items() if name != "incomplete"}
    particulars: Particulars = _checked(ClaimForm, said, incomplete=asked["incomplete"]).particulars()
    return particulars


def _checked(form: type[Any], asked: dict[str, Any], **options: Any) -> Any:
    """The filled form of the page, whose rules these are. Raises ValidationError by field."""
    filled: forms.Form = form({"request_id": str(uuid.uuid4()), **asked}, **options)
    if not filled.is_valid():
        raise serializers.ValidationError(
            {name: [str(words) for words in said] for name, said in filled.errors.items()}
        )
    return filled


def _own(report_id: UUID, person: User) -> RightsClaim:
    rows = RightsClaim.objects.select_related("report__case_report__case", "report__clause__lane", "report__reporter")
    claim = rows.filter(report__public_id=report_id, report__reporter=person).first()
    if claim is None:
        raise Refused(_("You made no such claim."), code="not_found", status=404)
    return claim
