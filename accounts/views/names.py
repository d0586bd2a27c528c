"""Choosing another name in the place of a neutral one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import choose_name
from accounts.forms import NameForm
from accounts.pages import SignedInRequest, own_page
from accounts.resets import to_choose
from foundation.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def name(request: SignedInRequest) -> HttpResponse:
    """For each name that the team replaced, the own one and those of organizations, the form that takes another."""
    waiting = list(to_choose(request.user))
    asked = request.POST.get("for", "") if request.method == "POST" else ""
    forms = [
        (one, NameForm(request.POST if asked == one.given else None, auto_id=f"{one.given}-%s")) for one in waiting
    ]
    status = 200
    for reset, form in forms:
        if not form.is_bound:
            continue
        status = 422
        if form.is_valid():
            try:
                choose_name(reset.namespace, form.cleaned_data["name"], actor=request.user)
            except Refused as refused:
                form.add_error(None, refused.message)
            except ValidationError as error:  # somebody took it since the form looked
                form.add_error("name", error)
            else:
                messages.success(request, _("It is called “%(name)s” now.") % form.cleaned_data)
                return redirect("accounts:settings_name")
    return render(request, "accounts/settings_name.html", {"forms": forms}, status=status)
