"""How a subject looks to programs."""

from typing import Any

from rest_framework import serializers

from moderation.subjects.models import TARGETS, Subject


class SubjectInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=TARGETS)
    id = serializers.UUIDField(help_text="The public id of the repository, discussion, comment, user or organization.")


class SubjectOutput(serializers.Serializer[Subject]):
    kind = serializers.ChoiceField(choices=TARGETS, read_only=True)
    id = serializers.UUIDField(source="target.public_id", read_only=True)
    name = serializers.CharField(
        read_only=True, help_text="Its name or title; of a comment the title of its discussion."
    )
    url = serializers.SerializerMethodField()

    def get_url(self, subject: Subject) -> str:
        return str(self.context["request"].build_absolute_uri(subject.get_absolute_url()))
