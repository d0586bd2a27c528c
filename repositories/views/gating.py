"""Asking for the files of a gated repository, and what a person asked for (A3)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.pages import SignedInRequest, own_page
from foundation.http import private
from foundation.pages import page
from repositories import queries
from repositories.access import require_see
from repositories.actions.gating import ask_access
from repositories.addresses import Address
from repositories.gating import can_ask, conditions_of
from repositories.gating.queries import own_requests
from repositories.gating_forms import AskForm
from repositories.models import AccessRequest, Gating, Repository
from repositories.pages import render_page, see_other


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask(request: HttpRequest, address: Address) -> HttpResponse:
    """The conditions, or how the request stands; POST agrees and asks. Goes to the files where they are open."""
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    context: dict[str, Any] = {"tab": "files"}
    if request.method == "POST":
        if not isinstance(request.user, User):
            return redirect_to_login(request.path)
        conditions = conditions_of(repository)
        context["ask_form"] = form = AskForm(conditions, request.POST)
        # Who cannot ask is told so by the action, whatever the form says.
        if form.is_valid() or not can_ask(repository, found, conditions):
            return _asked(request, repository, form, request.user)
    elif found.files or found.disabled or repository.gating == Gating.NONE:
        return see_other("repositories:files", repository)
    status = 422 if context.get("ask_form") else 200
    return render_page(request, "repositories/gating/page.html", repository, found, context, status=status)


def _asked(request: HttpRequest, repository: Repository, form: AskForm, actor: User) -> HttpResponse:
    agreed = form.cleaned_data.get("agreed") or None
    row = ask_access(repository, form.answers(), actor=actor, agreed=agreed)
    if row.status == AccessRequest.Status.ACCEPTED:
        messages.success(request, _("You have access: the files are there for you now."))
        return see_other("repositories:files", repository)
    messages.success(request, _("The owner has your request. We write to you when it is decided."))
    return see_other("repositories:ask_access", repository)


@require_safe
@own_page
def own(request: SignedInRequest) -> HttpResponse:
    """What the person asked for and how it stands, newest first."""
    shown = page(own_requests(request.user), request.GET, order=("-requested_at", "-id"))
    return render(request, "repositories/gating/own.html", {"page": shown})
