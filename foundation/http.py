"""Types and small decorators for views."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

P = ParamSpec("P")


class Request(HttpRequest):
    """What every view gets: with htmx's details."""

    htmx: "HtmxDetails"


def private(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that no cache may keep and no search engine list (M3)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", wrapped)


def network_of(request: HttpRequest) -> str:
    """The address that `request` comes from, behind the proxies that are ours; of version 6 only the network.

    Whoever has an address of version 6 has all of its network. It is nobody's to keep: hash it (J4).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        with suppress(PermissionDenied):
            address = get_adapter(request).get_client_ip(request)  # knows which of the addresses sent along counts
    try:
        parsed = ip_address(address)
    except ValueError:
        return str(address)
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else str(parsed)
