"""Appeals for administrators: evidence, so only to be read (J6)."""

from django.contrib import admin

from foundation.admin import ReadOnly
from moderation.appeals.models import Appeal, AppealLimit


@admin.register(Appeal)
class AppealAdmin(ReadOnly):
    list_display = ("public_id", "appellant", "state", "first_decider", "decided_by", "created_at", "decided_at")
    list_select_related = ("appellant", "first_decider", "decided_by")
    list_filter = ("state", "bad_faith")
    search_fields = ("public_id", "appellant__username")
    date_hierarchy = "created_at"


@admin.register(AppealLimit)
class AppealLimitAdmin(ReadOnly):
    """Lifted by the team's page of the person, or the API, where it is recorded by whom."""

    list_display = ("person", "per_day", "starts_at", "ends_at", "lifted_at", "lifted_by")
    list_select_related = ("person", "lifted_by")
