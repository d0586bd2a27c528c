"""Tokens for programs (K1): made, shown once, revoked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import create_token, revoke_token
from accounts.forms import TokenForm
from accounts.pages import SignedInRequest, own_page
from accounts.queries import tokens_of


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def tokens(request: SignedInRequest) -> HttpResponse:
    """The list and the form; a new token is in the answer to its form and nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None, user=request.user)
    secret, status = "", 200
    if form.is_bound and form.is_valid():
        secret = create_token(request.user, **form.cleaned_data, actor=request.user)
        form, status = TokenForm(user=request.user), 201
    elif form.is_bound:
        status = 422
    context = {"form": form, "secret": secret, "tokens": tokens_of(request.user)}
    return render(request, "accounts/settings_tokens.html", context, status=status)


@require_POST
@own_page
def revoke(request: SignedInRequest) -> HttpResponse:
    revoke_token(request.user, request.POST.get("token", ""), actor=request.user)
    messages.success(request, _("The token is revoked: whatever still uses it is refused from now on."))
    return redirect("accounts:tokens")
