"""What the owner chooses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from repositories import queries
from repositories.access import require_manage
from repositories.actions import change_settings
from repositories.addresses import Address
from repositories.forms import SettingsForm
from repositories.pages import render_page, see_other, sent
from repositories.release_forms import SettingsUnderReleaseForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, address: Address) -> HttpResponse:
    """Visibility and gating, for whoever manages the repository (A2)."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_manage(repository, request.user)
    initial = {"visibility": repository.visibility, "gating": repository.gating}
    under_way = repository.stages.exists()
    form = (SettingsUnderReleaseForm if under_way else SettingsForm)(sent(request), initial=initial)
    if form.is_valid():
        change_settings(repository, actor=request.user, **form.cleaned_data)
        messages.success(request, _("We saved your settings. They hold from now on."))
        return see_other("repositories:settings", repository)
    context = {"tab": "settings", "form": form, "under_way": under_way}
    status = 422 if form.errors else 200
    return render_page(request, "repositories/settings.html", repository, found, context, status=status)
