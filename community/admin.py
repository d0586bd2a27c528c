"""Discussions and comments to look at, and to lock. Those of private and deleted repositories stay unseen (A2)."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.actions import set_locked
from community.models import Comment, Discussion
from foundation.admin import ReadOnly
from foundation.errors import Refused
from repositories.access import seen_by
from repositories.models import Repository


@admin.register(Discussion)
class DiscussionAdmin(ReadOnly):
    list_display = ("title", "number", "repository", "author", "origin", "status", "locked", "created_at")
    list_filter = ("status", "locked", "origin")
    search_fields = ("title", "author__username", "repository__name", "repository__namespace__name")
    list_select_related = ("repository__namespace", "author")
    date_hierarchy = "created_at"
    actions = ("lock", "unlock")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Discussion]:
        rows = super().get_queryset(request).filter(repository__in=Repository.objects.filter(seen_by(None)))
        return rows.defer("repository__card", "repository__search_text")

    @admin.action(description=_("Lock the selected discussions"))
    def lock(self, request: HttpRequest, rows: QuerySet[Discussion]) -> None:
        self._set_locked(request, rows, True)

    @admin.action(description=_("Unlock the selected discussions"))
    def unlock(self, request: HttpRequest, rows: QuerySet[Discussion]) -> None:
        self._set_locked(request, rows, False)

    def _set_locked(self, request: HttpRequest, rows: QuerySet[Discussion], locked: bool) -> None:
        assert request.user.is_authenticated
        try:
            for discussion in rows:
                set_locked(discussion, locked, actor=request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        text = ngettext("We changed %(count)s discussion.", "We changed %(count)s discussions.", len(rows))
        self.message_user(request, text % {"count": len(rows)}, messages.SUCCESS)


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    list_display = ("beginning", "author", "discussion", "created_at")
    search_fields = ("text", "author__username")
    list_select_related = ("discussion", "author")
    date_hierarchy = "created_at"
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        seen = Repository.objects.filter(seen_by(None))
        return super().get_queryset(request).filter(discussion__repository__in=seen)

    @admin.display(description=_("text"))
    def beginning(self, comment: Comment) -> str:
        return comment.text[:80]
