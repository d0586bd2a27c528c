"""The settings of a community tab (B2)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from community import actions
from community.actions.tab import closable
from community.queries import tab_settings
from community.tab_forms import CloseAllForm, TabForm
from repositories import queries
from repositories.access import Access, require_edit, require_manage
from repositories.addresses import Address
from repositories.models import Repository
from repositories.pages import render_page, see_other, sent, verb


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, address: Address) -> HttpResponse:
    """On or off and for whom, for whoever manages the repository; whoever edits it finds only the way to close all."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    require = require_manage if request.method == "POST" else require_edit
    found = require(repository, request.user)
    form = TabForm(sent(request), initial=_initial(repository))
    if form.is_valid():
        actions.change_tab(repository, actor=request.user, **form.cleaned_data)
        messages.success(request, _("We saved your settings. They hold from now on."))
        return see_other("community:tab_settings", repository)
    return _page(request, repository, found, form, CloseAllForm(closable(repository).count()))


@verb
def close_all(request: HttpRequest, address: Address) -> HttpResponse:
    """Close every open discussion that a person opened, once somebody ticked that they mean it."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_edit(repository, request.user)
    form = CloseAllForm(closable(repository).count(), request.POST)
    if not form.is_valid():
        return _page(request, repository, found, TabForm(initial=_initial(repository)), form)
    count = actions.close_all(repository, actor=request.user)
    words = ngettext("You closed %(count)s discussion.", "You closed %(count)s discussions.", count)
    messages.success(request, words % {"count": count})
    return see_other("community:tab_settings", repository)


def _initial(repository: Repository) -> dict[str, str | int]:
    chosen = tab_settings(repository)
    return {"on": "yes" if chosen.on else "no", "newcomers": chosen.newcomers}


def _page(
    request: HttpRequest, repository: Repository, found: Access, form: TabForm, close_form: CloseAllForm
) -> HttpResponse:
    context = {"tab": "settings", "form": form, "close_form": close_form}
    status = 422 if form.errors or close_form.errors else 200
    return render_page(request, "community/tab_settings.html", repository, found, context, status=status)
