from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moderation.subjects.models import Erasure, Snapshot, Subject


class EvidenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Evidence is looked at: nobody adds, changes or deletes it here, superusers included (J6)."""

    # A count of everything would make every page of a long list slow.
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subject)
class SubjectAdmin(EvidenceAdmin):
    list_display = ("__str__", "created_at")
    list_select_related = (
        "repository__namespace",
        "comment__author",
        "discussion",
        "user",
        "organization",
    )
    search_fields = ("public_id",)


@admin.register(Snapshot)
class SnapshotAdmin(EvidenceAdmin):
    list_display = ("__str__", "part", "author_name", "language", "taken_at")
    list_filter = ("language",)
    search_fields = ("author_name", "revision")


@admin.register(Erasure)
class ErasureAdmin(EvidenceAdmin):
    """Where it stands, and what went wrong where a step waits for its next try (C6)."""

    list_display = ("public_id", "subject", "ordered_at", "steps", "attempts", "last_error", "done_at", "cancelled_at")
    search_fields = ("public_id",)
