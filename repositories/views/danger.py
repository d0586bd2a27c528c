"""Renaming, transferring and deleting; each says before what follows from it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from foundation.errors import Forbidden, Refused
from repositories import queries
from repositories.access import Access, require_manage
from repositories.actions.move import delete_repository, move_repository
from repositories.addresses import Address
from repositories.models import Repository
from repositories.move_forms import DeleteForm, MoveForm
from repositories.pages import render_page, see_other, verb


@login_required
@require_safe
def danger(request: HttpRequest, address: Address) -> HttpResponse:
    """The page with both forms, for whoever manages the repository."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_manage(repository, request.user)
    return _page(request, repository, found, MoveForm(repository, request.user), DeleteForm(repository))


@verb
def move(request: HttpRequest, address: Address) -> HttpResponse:
    """Rename or transfer; goes on to the new address."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_manage(repository, request.user)
    form = MoveForm(repository, request.user, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            moved = move_repository(repository, namespace=values["owner"], name=values["name"], actor=request.user)
        except Forbidden:
            raise
        except (Refused, ValidationError) as refusal:
            form.add_error("name", str(refusal) if isinstance(refusal, Refused) else refusal)
        else:
            words = _("It is called %(name)s now. Whoever comes to the old address is sent here.")
            messages.success(request, words % {"name": moved.full_name})
            return see_other(moved)
    return _page(request, repository, found, form, DeleteForm(repository))


@verb
def delete(request: HttpRequest, address: Address) -> HttpResponse:
    """Delete for good; goes on to the profile of the owner."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_manage(repository, request.user)
    form = DeleteForm(repository, request.POST)
    if form.is_valid():
        delete_repository(repository, actor=request.user)
        messages.success(request, _("You deleted %(name)s.") % {"name": repository.full_name})
        return see_other(f"/{repository.namespace.name}")
    return _page(request, repository, found, MoveForm(repository, request.user), form)


def _page(
    request: HttpRequest, repository: Repository, found: Access, move_form: MoveForm, delete_form: DeleteForm
) -> HttpResponse:
    context = {"tab": "settings", "move_form": move_form, "delete_form": delete_form}
    status = 422 if move_form.errors or delete_form.errors else 200
    return render_page(request, "repositories/danger.html", repository, found, context, status=status)
