"""Term lists in the administration, only for those who may see terms (H6)."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.models import User
from moderation.scoring.models import Term, TermList
from moderation.scoring.terms.actions import SEE_TERMS, changed, import_terms, require_sight
from moderation.scoring.terms.forms import ImportForm, TermForm
from moderation.scoring.terms.reading import LARGEST
from repositories.receiving import MEMORY, take_files


class ForThoseWhoSeeTerms(admin.ModelAdmin):  # type: ignore[type-arg]
    """Django's own permissions for its rows do not do: one permission says who sees, and who sees may change."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.has_perm(SEE_TERMS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)


@admin.register(TermList)
class TermListAdmin(ForThoseWhoSeeTerms):
    list_display = ("name", "language", "label", "clause", "active", "terms", "changed_at")
    list_filter = ("language", "label", "active")
    list_select_related = ("clause",)
    search_fields = ("name", "note")
    change_form_template = "admin/scoring/termlist/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TermList]:
        rows: QuerySet[TermList] = super().get_queryset(request)
        return rows.annotate(count=Count("terms"))

    @admin.display(description=gettext_lazy("terms"), ordering="count")
    def terms(self, row: Any) -> str:
        address = reverse("admin:scoring_term_changelist") + f"?term_list__id__exact={row.pk}"
        return format_html('<a href="{}">{}</a>', address, row.count)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("<int:pk>/import/", view, name="scoring_termlist_import"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: TermList, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            changed([obj.pk])

    # What is sent is read only once we know that this person may send it; so the form's token is checked after that.
    @method_decorator(csrf_exempt)
    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form that takes a CSV file: every line of it, or none. Raises Refused (413) for too large a file."""
        assert isinstance(request.user, User)
        require_sight(request.user)
        if request.method == "POST":
            take_files(request, most=LARGEST + MEMORY)
        answer: HttpResponse = csrf_protect(self._import)(request, pk)
        return answer

    def _import(self, request: HttpRequest, pk: int) -> HttpResponse:
        term_list = get_object_or_404(TermList, pk=pk)
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if form.is_valid():
            assert isinstance(request.user, User)
            done = import_terms(term_list, form.rows, replace=form.cleaned_data["replace"], actor=request.user)
            words = _("Imported: %(added)s new, %(changed)s changed, %(same)s as before, %(removed)s removed.")
            words %= {"added": done.added, "changed": done.changed, "same": done.same, "removed": done.removed}
            self.log_change(request, term_list, words)
            self.message_user(request, words, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:scoring_termlist_change", args=[pk]))
        context = {**self.admin_site.each_context(request), "form": form, "term_list": term_list}
        context |= {"title": _("Import terms"), "opts": self.opts}
        return TemplateResponse(request, "admin/scoring/termlist/import.html", context)


@admin.register(Term)
class TermAdmin(ForThoseWhoSeeTerms):
    form = TermForm
    list_display = ("text", "term_list", "weight", "whole_word", "exceptions", "active")
    list_filter = ("term_list", "active", "whole_word")
    list_select_related = ("term_list",)
    search_fields = ("text",)
    show_full_result_count = False
    actions = ("activate", "deactivate")

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        with transaction.atomic():
            before = form.initial.get("term_list") if change else None
            super().save_model(request, obj, form, change)
            changed([key for key in (before, obj.term_list_id) if key])

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        with transaction.atomic():
            super().delete_model(request, obj)
            changed([obj.term_list_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Term]) -> None:
        with transaction.atomic():
            lists = _lists(queryset)
            super().delete_queryset(request, queryset)
            changed(lists)

    @admin.action(description=gettext_lazy("Look for these terms"))
    def activate(self, request: HttpRequest, queryset: QuerySet[Term]) -> None:
        self._switch(request, queryset, to=True)

    @admin.action(description=gettext_lazy("Do not look for these terms"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Term]) -> None:
        self._switch(request, queryset, to=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Term], *, to: bool) -> None:
        with transaction.atomic():
            lists = _lists(queryset)
            count = queryset.update(active=to)
            changed(lists)
        words = ngettext("%(count)s term changed.", "%(count)s terms changed.", count) % {"count": count}
        self.message_user(request, words, messages.SUCCESS)


def _lists(queryset: QuerySet[Term]) -> list[int]:
    return list(queryset.order_by().values_list("term_list", flat=True).distinct())
