"""What a person changes about the own account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import change_profile, choose_nfaa
from accounts.forms import ContentForm, ProfileForm
from accounts.pages import SignedInRequest, own_page
from accounts.resets import to_choose


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def profile(request: SignedInRequest) -> HttpResponse:
    user = request.user
    initial = {name: getattr(user, name) for name in ("fullname", "bio", "language", "time_zone")}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"form": form, "waits_for_name": to_choose(user).exists()}
        return render(request, "accounts/settings_profile.html", context, status=status)
    change_profile(user, **form.cleaned_data, actor=user)
    with translation.override(user.language):
        messages.success(request, _("Your profile is saved."))
    return redirect("accounts:settings_profile")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def content(request: SignedInRequest) -> HttpResponse:
    """What to do with repositories that are not for all audiences (A4)."""
    user = request.user
    form = ContentForm(request.POST if request.method == "POST" else None, initial={"nfaa": user.nfaa})
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/settings_content.html", {"form": form}, status=status)
    choose_nfaa(user, form.cleaned_data["nfaa"], actor=user)
    messages.success(request, _("Your content preferences are saved. They hold from now on, everywhere."))
    return redirect("accounts:settings_content")
