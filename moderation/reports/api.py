"""How what a report brings along looks to programs: files, claims of rights, counter-statements (C1, C5)."""

from typing import Any

from rest_framework import serializers

from moderation.reports.models import Attachment, CounterStatement, RightsClaim


class AttachmentOutput(serializers.ModelSerializer[Attachment]):
    """A file that came as evidence; `sha256` is of its content as it was sent."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Attachment
        fields: tuple[str, ...] = ("id", "name", "media_type", "size", "sha256", "created_at")
        read_only_fields = fields


class ClaimFactsOutput(serializers.ModelSerializer[RightsClaim]):
    """What is claimed, and by whom: as much of a claim as the owner of what it is about reads."""

    report = serializers.UUIDField(source="report.public_id", read_only=True)

    class Meta:
        model = RightsClaim
        fields: tuple[str, ...] = ("report", "right", "work", "location", "holder", "name")
        read_only_fields = fields


class ClaimOutput(ClaimFactsOutput):
    """All particulars of a claim; `missing` says in words what it lacks to be complete."""

    missing = serializers.SerializerMethodField()

    class Meta(ClaimFactsOutput.Meta):
        fields = (
            *ClaimFactsOutput.Meta.fields,
            "address", "phone", "email", "good_faith", "accurate", "signature", "missing",
        )  # fmt: skip
        read_only_fields = fields

    def get_missing(self, claim: RightsClaim) -> list[str]:
        return [str(words) for words in claim.missing]


class CounterOutput(serializers.ModelSerializer[CounterStatement]):
    """The owner's answer to a claim: what was closed is open again at `restore_at`, unless a suit is filed."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    author: Any = serializers.CharField(source="author.username", read_only=True)

    class Meta:
        model = CounterStatement
        fields = (
            "id", "author", "text", "location", "name", "address", "phone", "good_faith", "jurisdiction", "signature",
            "created_at", "restore_at", "suit_filed_at", "restored_at",
        )  # fmt: skip
        read_only_fields = fields
