"""Appeals for administrators: evidence, so only to be read (J6)."""

from django.contrib import admin

from foundation.admin import ReadOnly
from moderation.appeals.models import Appeal


@admin.register(Appeal)
class AppealAdmin(ReadOnly):
    list_display = ("public_id", "appellant", "state", "first_decider", "decided_by", "created_at", "decided_at")
    list_select_related = ("appellant", "first_decider", "decided_by")
    list_filter = ("state",)
    search_fields = ("public_id", "appellant__username")
    date_hierarchy = "created_at"
