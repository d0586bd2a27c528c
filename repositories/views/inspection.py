"""The team opens a repository that is not for everybody; its owner reads when and why (A2)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import TeamRequest, team_page
from foundation import clock
from foundation.pages import page
from repositories import queries
from repositories.access import access, require_manage
from repositories.actions.inspection import close_inspection, inspect
from repositories.addresses import Address
from repositories.inspection_forms import InspectionForm
from repositories.models import Repository
from repositories.pages import render_page, see_other, sent


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def open_inspection(request: TeamRequest, public_id: UUID) -> HttpResponse:
    """What opening it means, and the form for the reason; for the team only, the 404 of an unknown id for others."""
    repository = _find(public_id)
    found = access(repository, request.user)
    form = InspectionForm(sent(request))
    if form.is_valid():
        inspect(repository, reason=form.cleaned_data["reason"], actor=request.user)
        messages.success(request, _("You opened this repository. Its owner was told why."))
        return see_other(repository)
    context = {"repository": repository, "access": found, "restrictions": found.restrictions, "form": form}
    return render(request, "repositories/inspect.html", context, status=422 if form.errors else 200)


@team_page
@require_POST
def close(request: TeamRequest, public_id: UUID) -> HttpResponse:
    """End what is open now."""
    close_inspection(_find(public_id), actor=request.user)
    messages.success(request, _("You closed the repository: you see what everybody sees."))
    return see_other("repositories:inspect", public_id)


@login_required
@require_safe
def inspections(request: HttpRequest, address: Address) -> HttpResponse:
    """For the owner: when the team opened this repository, and why; a page of 50."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_manage(repository, request.user)
    rows = page(repository.inspections.all(), request.GET, order=("-starts_at", "-id"))
    context = {"tab": "settings", "page": rows, "moment": clock.now()}
    return render_page(request, "repositories/inspections.html", repository, found, context)


def _find(public_id: UUID) -> Repository:
    """Whatever its owner chose: who asks is in the team. Raises the 404 of an unknown address for a deleted one too."""
    repository = Repository.objects.filter(public_id=public_id, deleted_at=None).select_related("namespace").first()
    if repository is None:
        raise Http404
    return repository
