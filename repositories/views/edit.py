"""Making a repository, and editing its card."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from foundation.errors import Refused
from repositories import git, queries
from repositories.access import require_edit
from repositories.actions import commit, create_repository
from repositories.addresses import Address
from repositories.card import read_card, warnings_in
from repositories.forms import CardForm, NewRepositoryForm
from repositories.models import Gating, Kind, Repository, Visibility
from repositories.pages import render_page, see_other, sent

# The page of the repository shows the others.
MOST_WARNINGS = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form for a new repository; goes on to its card."""
    assert request.user.is_authenticated
    kind = request.GET.get("kind", Kind.MODEL)
    initial = {"kind": kind, "visibility": Visibility.PUBLIC, "gating": Gating.NONE}
    form = NewRepositoryForm(request.user, sent(request), initial=initial)
    if form.is_valid():
        values = form.cleaned_data
        try:
            repository = create_repository(values.pop("owner"), values.pop("name"), actor=request.user, **values)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("We made your repository. Say now what it is: that is its card."))
            return see_other("repositories:edit_card", repository)
    return render(request, "repositories/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_card(request: HttpRequest, address: Address) -> HttpResponse:
    """The card as text. When somebody else committed in between, the text stays in the form beside the new card."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_edit(repository, request.user)
    form = CardForm(sent(request), initial={"text": _readme(repository), "parent": repository.head})
    context = {"tab": "card", "form": form, "theirs": ""}
    if form.is_valid():
        try:
            commit(
                repository,
                {"README.md": form.cleaned_data["text"].encode()},
                actor=request.user,
                message=form.cleaned_data["message"],
                parent=form.cleaned_data["parent"],
            )
        except Refused as refusal:
            if refusal.code != "stale":
                raise
            context["theirs"] = _changed_meanwhile(form, repository)
        else:
            _say(request, form)
            return see_other(repository.get_absolute_url())
    status = 422 if form.errors else 200
    return render_page(request, "repositories/edit_card.html", repository, found, context, status=status)


def _changed_meanwhile(form: CardForm, repository: Repository) -> str:
    """The card as it is now; the form keeps its text, and saving it again replaces that card knowingly."""
    repository.refresh_from_db(fields=["head"])
    form.data = {name: form.data[name] for name in form.data} | {"parent": repository.head}
    message = _(
        "Somebody changed this repository after you opened the card. Your text is still here; the card as it is now "
        "stands below. Bring both together, then save again."
    )
    form.add_error(None, str(message))
    return _readme(repository)


def _readme(repository: Repository) -> str:
    """The whole file: `card` is cut at what forms take, and saving must lose nothing."""
    return (git.read_file(repository, "README.md") or b"").decode(errors="replace")


def _say(request: HttpRequest, form: CardForm) -> None:
    messages.success(request, _("We saved the card."))
    if read_card(form.cleaned_data["text"]).problem:
        messages.warning(
            request,
            _("We could not read what stands between the lines “---”, so license, tags and languages are empty now."),
        )
    for one in warnings_in(form.problems)[:MOST_WARNINGS]:
        messages.warning(request, str(one))
