"""Saved views of the queue."""

import uuid

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import Refused
from foundation.text import required_text
from moderation.cases.actions.views import change_view, delete_view, plain, save_view
from moderation.cases.desk import count_views, views_of
from moderation.cases.models import SavedView
from moderation.cases.queue_forms import QueueFilters
from moderation.cases.views.team import SeeOther, TeamRequest, team_page

LONGEST_NAME = 60


class ViewForm(forms.Form):
    """The name of a view, and whether the team shares it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Give the view a name.")},
    )
    shared = forms.BooleanField(label=gettext_lazy("Share it with the team"), required=False)
    query = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)

    def clean_name(self) -> str:
        return required_text(" ".join(self.cleaned_data["name"].split()), longest=LONGEST_NAME)


@team_page
@require_safe
def views_page(request: TeamRequest) -> HttpResponse:
    """Own views, to be renamed, shared and deleted, and those that others share."""
    return _show(request)


@team_page
@require_safe
def view_counts(request: TeamRequest) -> HttpResponse:
    """How many cases lie in each view: what the menu asks for once it is open; a fragment."""
    views, counts = _views(request)
    context = {"views": views, "counts": counts, "here": plain(request.GET)}
    return render(request, "cases/views.html#menu", context)


@team_page
@require_POST
def keep_view(request: TeamRequest) -> HttpResponse:
    """Save the present address of the queue under a name, and stay there."""
    form = ViewForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form, status=422)
    values = form.cleaned_data
    try:
        view = save_view(values["name"], values["query"], shared=values["shared"], actor=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, form=form, status=422)
    messages.success(request, _("Saved as “%(name)s”. You find it in the menu of views.") % {"name": view.name})
    return SeeOther(f"{reverse('cases:queue')}?{view.query}")


@team_page
@require_POST
def rename_view(request: TeamRequest, view_id: uuid.UUID) -> HttpResponse:
    """Another name for an own view, shared or not."""
    view = _own(request, view_id)
    form = ViewForm(request.POST)
    if form.is_valid():
        try:
            change_view(view, name=form.cleaned_data["name"], shared=form.cleaned_data["shared"], actor=request.user)
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("Changed."))
            return SeeOther(reverse("cases:views"))
    return _show(request, changing=view, form=form, status=422)


@team_page
@require_POST
def drop_view(request: TeamRequest, view_id: uuid.UUID) -> HttpResponse:
    """Delete an own view."""
    view = _own(request, view_id)
    delete_view(view, actor=request.user)
    messages.success(request, _("Deleted: “%(name)s”.") % {"name": view.name})
    return SeeOther(reverse("cases:views"))


@team_page
@require_safe
def open_view(request: TeamRequest, view_id: uuid.UUID) -> HttpResponse:
    """A lasting address of a view: goes where it leads now."""
    view = get_object_or_404(SavedView, Q(owner=request.user) | Q(shared=True), public_id=view_id)
    return redirect(f"{reverse('cases:queue')}?{view.query}")


def _own(request: TeamRequest, view_id: uuid.UUID) -> SavedView:
    """An own view. Raises the 404 of an unknown address for everybody else's."""
    return get_object_or_404(SavedView, owner=request.user, public_id=view_id)


def _views(request: TeamRequest) -> tuple[list[SavedView], dict[str, int]]:
    """The views of the person, with how many cases are in each."""
    filters = QueueFilters(QueryDict(), viewer=request.user)
    views = views_of(request.user, filters.lanes)
    return views, count_views(views, filters)


def _show(
    request: TeamRequest, *, changing: SavedView | None = None, form: ViewForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of views; with `form` refused, of a view that is changed or of a new one."""
    views, counts = _views(request)
    context = {
        "views": views,
        "counts": counts,
        "changing": changing,
        "form": form,
        "longest": LONGEST_NAME,
    }
    return render(request, "cases/views.html", context, status=status)
