"""Lists of known hashes in the administration, only for those who may see terms (H5, H6)."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from moderation.scoring.hashes import changed
from moderation.scoring.models import HashList, KnownHash
from moderation.scoring.terms.admin import ForThoseWhoSeeTerms


@admin.register(HashList)
class HashListAdmin(ForThoseWhoSeeTerms):
    list_display = ("name", "kind", "label", "clause", "active", "changed_at")
    list_filter = ("kind", "active")
    list_select_related = ("clause",)
    search_fields = ("name", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: HashList | None = None) -> Any:
        """A list of files does not become one of pictures: its hashes would mean something else."""
        return () if obj is None else ("kind",)

    def save_model(self, request: HttpRequest, obj: HashList, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            changed([obj.pk])


@admin.register(KnownHash)
class KnownHashAdmin(ForThoseWhoSeeTerms):
    fields = ("hash_list", "value", "note")
    list_display = ("value", "hash_list", "added_at")
    list_filter = ("hash_list",)
    list_select_related = ("hash_list",)
    search_fields = ("value",)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: KnownHash, form: Any, change: bool) -> None:
        with transaction.atomic():
            before = form.initial.get("hash_list") if change else None
            super().save_model(request, obj, form, change)
            changed([key for key in (before, obj.hash_list_id) if key])

    def delete_model(self, request: HttpRequest, obj: KnownHash) -> None:
        with transaction.atomic():
            super().delete_model(request, obj)
            changed([obj.hash_list_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[KnownHash]) -> None:
        with transaction.atomic():
            lists = list(queryset.order_by().values_list("hash_list", flat=True).distinct())
            super().delete_queryset(request, queryset)
            changed(lists)
