"""What all pages of one repository have in common; the rooms above use it for theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from repositories import interstitial
from repositories.access import Access
from repositories.models import Repository, Visibility

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def render_page(
    request: HttpRequest,
    template: str,
    repository: Repository,
    found: Access,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page that extends repositories/frame.html: header, tabs, states; with the headers `protect` sets.

    Every page of a repository comes through here, so here is asked first where it is not for all audiences (A4).
    """
    if interstitial.must_ask(request, repository, found):
        template, context, status = interstitial.TEMPLATE, {}, 200
    frame = {
        "repository": repository,
        "access": found,
        "restrictions": found.restrictions,
        "noindex": not is_indexed(repository, found),
    }
    return protect(render(request, template, {**frame, **context}, status=status), repository, found)


def is_indexed(repository: Repository, found: Access) -> bool:
    """Whether search engines may list it: neither private, restricted nor NFAA (architecture, "User files")."""
    return repository.visibility == Visibility.PUBLIC and not repository.nfaa and not found.restrictions


def protect(response: R, repository: Repository, found: Access) -> R:
    """Keep what is private out of every cache, and what is not for everybody out of search engines (M3)."""
    if repository.visibility == Visibility.PRIVATE or found.kept_private:
        add_never_cache_headers(response)
    if not is_indexed(repository, found):
        response["X-Robots-Tag"] = "noindex"
    return response


def see_other(to: Any, *args: Any) -> HttpResponse:
    """After a POST: go and GET that page, an address, an object that has one, or the name of a pattern (303)."""
    response = HttpResponseRedirect(resolve_url(to, *args))
    response.status_code = 303
    return response


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields that were posted, or nothing on GET."""
    return request.POST if request.method == "POST" else None


def verb(view: "View[P]") -> "View[P]":
    """A view that acts on POST only, at the address of a page plus one word.

    The address of the verb shows nothing: whoever reloads or shares it, since a form that came back leaves it in the
    address bar, goes to that page; whoever is not signed in goes to sign in and comes back to it.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        page = request.path.rpartition("/")[0]
        if request.method != "POST":
            return see_other(page)
        if not request.user.is_authenticated:
            return redirect_to_login(page)
        return view(request, *args, **kwargs)

    return cast("View[P]", wrapped)
