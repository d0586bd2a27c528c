"""The profile of a person or an organization: who it is, and what it published (A1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries import find_namespace, members_of, memberships_of
from foundation.pages import page
from repositories.queries import listed_for, settle, with_states

MEMBERS_SHOWN = 50


@require_safe
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """What lists show the viewer of this namespace, newest change first. Raises Refused (404) for an unknown name."""
    namespace = find_namespace(name)
    if namespace.name != name:
        return redirect(f"/{namespace.name}", permanent=True)
    rows = with_states(listed_for(request.user)).filter(namespace=namespace)
    # An index holds them in this order, of each namespace; what the viewer is not shown is passed over.
    found = page(rows, request.GET, order=("-updated_at", "-id"))
    settle(found.rows)
    context: dict[str, Any] = {
        "namespace": namespace,
        "person": namespace.user,
        "organization": namespace.organization,
        "page": found,
    }
    if isinstance(namespace.user, User):
        context["memberships"] = memberships_of(namespace.user)
    elif namespace.organization:
        context["members"] = members_of(namespace.organization)[:MEMBERS_SHOWN]
    return render(request, "repositories/profile.html", context)
