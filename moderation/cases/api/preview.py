"""What everybody will read of a decision before it is made, for programs (G1, K1)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, ErrorOutput, checked
from moderation.cases.actions.orders import Verdict
from moderation.cases.api.base import TeamEndpoint, find_to_change
from moderation.cases.api.decisions import NamingField, OrderInput, order_of
from moderation.cases.forms import LONGEST_EXPLANATION
from moderation.cases.models import Decision
from moderation.cases.previewing import Preview, Shown, preview_decision
from moderation.policy.api import ClauseField
from repositories.models import Condition


class DecisionPreviewInput(serializers.Serializer[Any]):
    """The part of a decision that people read."""

    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    clause = ClauseField(required=False, allow_null=True, help_text="For a violation: the code of its clause.")
    measures = OrderInput(many=True, required=False, help_text="For a violation: at least one.")
    explanation = CleanTextField(longest=LONGEST_EXPLANATION, help_text="Our words to the people concerned.")
    conditions = serializers.ListField(
        child=serializers.ChoiceField(choices=Condition.choices),
        required=False,
        max_length=len(Condition),
        help_text="Of a repository: under which it stays from then on.",
    )
    naming = NamingField()


class LetterShownOutput(serializers.Serializer[Shown]):
    """A letter to one person, in their language."""

    recipient = serializers.CharField(source="person.username", read_only=True)
    language = serializers.CharField(source="person.language", read_only=True)
    subject = serializers.CharField(source="letter.subject", read_only=True)
    body = serializers.CharField(source="letter.body", read_only=True, help_text="Markdown.")
    link_label = serializers.CharField(source="letter.link_label", read_only=True)


class ReportersLetterOutput(serializers.Serializer[Shown]):
    """What the reporters of one language hear; nobody of them is named."""

    language = serializers.CharField(source="person.language", read_only=True)
    count = serializers.IntegerField(read_only=True, help_text="So many letters with these words.")
    subject = serializers.CharField(source="letter.subject", read_only=True)
    body = serializers.CharField(source="letter.body", read_only=True, help_text="Markdown.")


class DecisionPreviewOutput(serializers.Serializer[Preview]):
    second = serializers.SerializerMethodField(help_text="Null, or when another moderator confirms it.")
    notices = LetterShownOutput(many=True, read_only=True, help_text="Sent at once, while another moderator looks.")
    statements = LetterShownOutput(many=True, read_only=True, help_text="Statements of reasons.")
    conditions = LetterShownOutput(many=True, read_only=True, help_text="Under which a repository stays.")
    lifted = LetterShownOutput(many=True, read_only=True, help_text="What stands and ends by it.")
    reporters = ReportersLetterOutput(many=True, read_only=True)

    def get_second(self, preview: Preview) -> str | None:
        if preview.guard is None:
            return None
        return "after" if preview.guard.after else "before"


class PreviewDecision(TeamEndpoint):
    @extend_schema(
        summary="Preview a decision",
        request=DecisionPreviewInput,
        responses={200: DecisionPreviewOutput, 409: ErrorOutput, 422: ErrorOutput},
        examples=[
            OpenApiExample(
                "A posting ban",
                request_only=True,
                value={
                    "outcome": "violation",
                    "clause": "harassment",
                    "measures": [{"kind": "posting_ban"}],
                    "explanation": "You insulted another person in three comments.",
                },
            ),
            OpenApiExample(
                "What they will read",
                response_only=True,
                value={
                    "second": None,
                    "notices": [],
                    "statements": [
                        {
                            "recipient": "quentin",
                            "language": "en",
                            "subject": "Our decision about your comment in “How do I load this?”",
                            "body": "We decided about your comment in “How do I load this?”. …",
                            "link_label": "Contest this decision",
                        }
                    ],
                    "conditions": [],
                    "lifted": [],
                    "reporters": [
                        {
                            "language": "en",
                            "count": 2,
                            "subject": "What became of your report",
                            "body": "We looked at what you reported on 2026-11-21, agreed with you and took action. …",
                        }
                    ],
                },
            ),
        ],
    )
    def post(self, request: SignedIn, case_id: UUID) -> Response:
        """Every letter as its reader will get it, in their language; writes nothing.

        Refused as the decision would be where nobody could read it: 400 for what is not whole, 422 when your words name
        somebody who reported it (`names_somebody`), or give them away (`gives_away`).
        """
        asked = checked(DecisionPreviewInput, request.data)
        case, _own = find_to_change(case_id, request.user)
        orders = [order_of(one) for one in asked.get("measures", [])]
        conditions = asked.get("conditions", ())
        verdict = Verdict(asked["outcome"], asked.get("clause"), orders, asked["explanation"], conditions=conditions)
        found = preview_decision(case, verdict, actor=request.user, naming=asked.get("naming", False))
        return Response(DecisionPreviewOutput(found).data)
