"""Repositories, restrictions and likes to look at. What they are comes from their owners and from measures."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.admin import ReadOnly
from repositories.models import AccessRequest, Inspection, OwnerRequest, Repository, Restriction, long_columns


class RestrictionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Restriction
    fields = ("kind", "starts_at", "ends_at", "lifted_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Repository)
class RepositoryAdmin(ReadOnly):
    """Without the card and what it says: what is private is not read in passing here (A2)."""

    list_display = ("full_name", "kind", "visibility", "gating", "nfaa", "listed", "likes", "downloads", "created_at")
    list_filter = ("kind", "visibility", "gating", "nfaa", "listed")
    search_fields = ("name", "namespace__name")
    list_select_related = ("namespace",)
    date_hierarchy = "created_at"
    fields = (
        "public_id", "full_name", "kind", "created_by", "visibility", "gating", "nfaa", "listed", "likes", "downloads",
        "created_at",
    )  # fmt: skip
    inlines = (RestrictionInline,)
    show_full_result_count = False


@admin.register(Restriction)
class RestrictionAdmin(ReadOnly):
    """Measures make and lift these; here they are only seen (E5)."""

    list_display = ("repository", "kind", "starts_at", "ends_at", "lifted_at")
    list_filter = ("kind", ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("repository__name", "repository__namespace__name")
    list_select_related = ("repository__namespace",)
    date_hierarchy = "starts_at"
    exclude = ("reason",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Restriction]:
        return super().get_queryset(request).defer(*long_columns("repository"))


@admin.register(OwnerRequest)
class OwnerRequestAdmin(ReadOnly):
    """What the team asks of owners: made, ticked off and ended by measures (E1)."""

    list_display = ("repository", "condition", "confidential", "asked_at", "until", "met_at", "ended_at")
    list_filter = ("condition", ("met_at", admin.EmptyFieldListFilter), ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("repository__name", "repository__namespace__name")
    list_select_related = ("repository__namespace",)
    date_hierarchy = "asked_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OwnerRequest]:
        return super().get_queryset(request).defer(*long_columns("repository"))


@admin.register(AccessRequest)
class AccessRequestAdmin(ReadOnly):
    """Who asked for the files of what, and what became of it (A3); what they told the owner side is for that side."""

    list_display = ("user", "repository", "status", "requested_at", "decided_at", "decided_by")
    list_filter = ("status",)
    search_fields = ("user__username", "repository__name", "repository__namespace__name")
    list_select_related = ("user", "repository__namespace", "decided_by")
    date_hierarchy = "requested_at"
    exclude = ("conditions", "answers", "reason")
    show_full_result_count = False


@admin.register(Inspection)
class InspectionAdmin(ReadOnly):
    """What the team opened of what owners keep private, and why (A2)."""

    list_display = ("repository", "moderator", "reason", "starts_at", "ends_at")
    search_fields = ("repository__name", "repository__namespace__name", "moderator__username", "reason")
    list_select_related = ("repository__namespace", "moderator")
    date_hierarchy = "starts_at"
    show_full_result_count = False
