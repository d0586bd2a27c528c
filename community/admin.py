"""Discussions, comments and what stands beside them to look at; discussions also to lock.

Those of private and deleted repositories stay unseen (A2).
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.actions import set_locked
from community.models import Block, Comment, CommentVersion, Discussion, DiscussionEvent, Hiding, Limit, TabSettings
from foundation.admin import ReadOnly
from foundation.errors import Refused
from repositories.access import seen_by
from repositories.models import Repository, long_columns

# Rows of each kind on the page of what they belong to, and characters of each text.
NEWEST, LONGEST_TEXT = 50, 2_000


class Newest(BaseInlineFormSet):  # type: ignore[type-arg]
    """The newest rows alone: a discussion has thousands of events, a comment as many versions as were written."""

    def get_queryset(self) -> QuerySet[Any]:
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset()[:NEWEST]
        return self._queryset


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows of evidence inside the page of what they belong to; `people` are the columns with a person."""

    formset = Newest
    extra = 0
    can_delete = False
    people: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.people)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(ReadOnlyInline):
    model = DiscussionEvent
    verbose_name_plural = _("events, the newest 50")
    fields = ("position", "kind", "actor", "data", "created_at")
    people = ("actor",)
    ordering = ("-position",)


class VersionInline(ReadOnlyInline):
    """What was written, also while the comment is hidden: for the team (B5), whose own page has all of it."""

    model = CommentVersion
    verbose_name_plural = _("versions, the newest 50")
    fields = readonly_fields = ("number", "beginning", "author", "created_at")
    people = ("author",)
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        holds = Hiding.objects.filter(comment=OuterRef("comment"), side=Hiding.Side.HOLD, lifted_at=None)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(held=Exists(holds))
        return rows

    @admin.display(description=_("text"))
    def beginning(self, version: CommentVersion) -> str:
        # Held until the team has looked: then its case alone shows them (C9).
        return "" if version.held else Truncator(version.text).chars(LONGEST_TEXT)  # type: ignore[attr-defined]


class HidingInline(ReadOnlyInline):
    model = Hiding
    verbose_name_plural = _("hidings, the newest 50")
    fields = ("side", "category", "actor", "created_at", "lifted_at", "lifted_by")
    people = ("actor", "lifted_by")
    ordering = ("-pk",)


class LimitInline(ReadOnlyInline):
    """That measures close or lock it."""

    model = Limit
    verbose_name_plural = _("closed or locked by measures, the newest 50")
    fields = ("kind", "actor", "created_at", "ends_at", "lifted_at", "lifted_by")
    people = ("actor", "lifted_by")
    ordering = ("-pk",)


@admin.register(Discussion)
class DiscussionAdmin(ReadOnly):
    list_display = ("title", "number", "repository", "author", "origin", "status", "locked", "created_at")
    list_filter = ("status", "locked", "origin")
    search_fields = ("title", "author__username", "repository__name", "repository__namespace__name")
    list_select_related = ("repository__namespace", "author")
    date_hierarchy = "created_at"
    actions = ("unlock",)
    inlines = (LimitInline, EventInline)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Discussion]:
        rows = super().get_queryset(request).filter(repository__in=Repository.objects.filter(seen_by(None)))
        return rows.defer(*long_columns("repository"))

    @admin.action(description=_("Unlock the selected discussions"))
    def unlock(self, request: HttpRequest, rows: QuerySet[Discussion]) -> None:
        """What the team locked before it decided such things; to lock one is a decision, made at the discussion."""
        assert request.user.is_authenticated
        try:
            for discussion in rows:
                set_locked(discussion, False, actor=request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        text = ngettext("We changed %(count)s discussion.", "We changed %(count)s discussions.", len(rows))
        self.message_user(request, text % {"count": len(rows)}, messages.SUCCESS)


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    list_display = ("beginning", "author", "discussion", "hidden", "created_at")
    list_filter = ("hidden",)
    search_fields = ("text", "author__username")
    list_select_related = ("discussion", "author")
    date_hierarchy = "created_at"
    inlines = (VersionInline, HidingInline)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        seen = Repository.objects.filter(seen_by(None))
        return super().get_queryset(request).filter(discussion__repository__in=seen)

    @admin.display(description=_("text"))
    def beginning(self, comment: Comment) -> str:
        return comment.text[:80]


@admin.register(TabSettings)
class TabSettingsAdmin(ReadOnly):
    list_display = ("repository", "on", "newcomers", "changed_by", "changed_at")
    list_filter = ("on", "newcomers")
    search_fields = ("repository__name", "repository__namespace__name")
    list_select_related = ("repository__namespace", "changed_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TabSettings]:
        rows = super().get_queryset(request).filter(repository__in=Repository.objects.filter(seen_by(None)))
        return rows.defer(*long_columns("repository"))


@admin.register(Block)
class BlockAdmin(ReadOnly):
    """Without the note: that is for the owner side."""

    list_display = ("user", "namespace", "actor", "created_at")
    search_fields = ("user__username", "namespace__name")
    list_select_related = ("user", "namespace", "actor")
    date_hierarchy = "created_at"
    exclude = ("note",)
