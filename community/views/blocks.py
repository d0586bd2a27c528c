"""Whom a person, or an organization, blocked (B2)."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Namespace, OrganizationRole, User
from accounts.pages import SignedInRequest, own_page
from accounts.queries import find_namespace, namespaces_seen_by
from community import actions
from community.queries import blocks_of
from community.tab_forms import BlockForm
from foundation.errors import Forbidden, Refused
from foundation.pages import page
from repositories.access import role_in
from repositories.pages import see_other, verb

HERE = "/settings/blocked"


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def blocked(request: SignedInRequest) -> HttpResponse:
    """The list, and the form that blocks by name; `namespace` is an organization, without it one's own name.

    Members of an organization read the list, its admins change it. With `next`, an address here, it goes back there.
    """
    namespace = _namespace(request, request.user)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        user = form.cleaned_data["name"]
        try:
            actions.block(namespace, user, actor=request.user, note=form.cleaned_data["note"])
        except Forbidden:
            raise
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            words = _("You blocked %(name)s: they cannot post in the community tabs of %(namespace)s any more.")
            messages.success(request, words % {"name": user.username, "namespace": namespace.name})
            return see_other(_next(request, namespace))
    context = {
        "form": form,
        "namespace": namespace,
        "namespaces": namespaces_seen_by(request.user).distinct().order_by(F("user").asc(nulls_last=True), "name"),
        "manages": role_in(namespace, request.user) == OrganizationRole.ADMIN,
        "page": page(blocks_of(namespace), request.GET, order=("-id",)),
        "next": request.POST.get("next", ""),
    }
    return render(request, "community/blocked.html", context, status=422 if form.errors else 200)


@verb
def unblock(request: HttpRequest) -> HttpResponse:
    """Let `name` post again in the community tabs of `namespace`."""
    assert request.user.is_authenticated
    namespace = _namespace(request, request.user)
    user = find_namespace(request.POST.get("name", "")).user
    if user is not None:
        actions.unblock(namespace, user, actor=request.user)
        words = _("You unblocked %(name)s: they can post in the community tabs of %(namespace)s again.")
        messages.success(request, words % {"name": user.username, "namespace": namespace.name})
    return see_other(_next(request, namespace))


def _namespace(request: HttpRequest, user: User) -> Namespace:
    """Raises Refused (404) for nobody's name, Forbidden for somebody on another side."""
    name = request.POST.get("namespace") or request.GET.get("namespace") or user.username
    namespace = find_namespace(name)
    if not role_in(namespace, user):
        raise Forbidden(_("Only its owner side reads whom %(name)s blocked.") % {"name": namespace.name})
    return namespace


def _next(request: HttpRequest, namespace: Namespace) -> str:
    """The page that was asked for, where it is one of ours; else the list."""
    address = request.POST.get("next", "")
    if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return address
    return HERE if namespace.user_id else f"{HERE}?namespace={namespace.name}"
