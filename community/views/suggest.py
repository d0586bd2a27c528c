"""Suggesting a change to a card, and changing what was suggested (B1, A4)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from community.card_preview import card_before, changed_in_main, preview_card
from community.forms import refuse
from community.models import Discussion
from community.posting import Way, refusal
from community.proposal_forms import EditCardForm, ProposedCardForm, SuggestionForm
from community.pull_requests import commit_to_pull_request, open_pull_request, proposal_of, update_from_main
from community.pull_requests.locking import require_own, require_standing
from community.pull_requests.reading import Proposal, card_at
from community.queries import find_discussion
from foundation.errors import Forbidden, Refused
from repositories import git, queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.holding import require_card_shown
from repositories.labels import add_tag
from repositories.models import Repository
from repositories.pages import render_page, see_other, sent
from repositories.projections import CARD


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, address: Address) -> HttpResponse:
    """Propose another card to the owner; with `nfaa` in the address the form holds the card with that tag."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    require_card_shown(CARD, found)
    form = SuggestionForm(sent(request), initial=_initial(request, repository), owns=found.edit)
    form.before = card_at(repository, request.POST.get("parent") or repository.head)
    context, status = {"tab": "community", "form": form, **_preview(request, form, form.before)}, 200
    if form.errors:
        status = 422
    elif form.is_valid() and "preview" not in request.POST:
        try:
            opened = _open(repository, form.cleaned_data, request.user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            words = _("Your pull request is open. The owner decides whether to merge it.")
            messages.success(request, _("Your pull request is open. You can merge it.") if found.edit else words)
            return see_other(opened)
    if not form.is_bound:
        context["refusal"] = refusal(request.user, repository, Way.PULL_REQUEST, found=found)
    return render_page(request, "community/suggest.html", repository, found, context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_card(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Change the card that a pull request proposes; where main changed it too, bring both together."""
    assert request.user.is_authenticated
    discussion = find_discussion(queries.find(*address, request.user), number, request.user)
    if not discussion.is_pull_request:
        raise Refused(_("This is a discussion, not a pull request."), code="not_pull_request", status=404)
    repository = discussion.repository
    found = require_see(repository, request.user)
    require_card_shown(CARD, found)
    require_own(discussion, request.user)
    require_standing(discussion)
    proposal = proposal_of(discussion, found)
    if proposal is None:
        raise Forbidden(_("This pull request changes files that are closed to you."))
    form = _card_form(request, proposal, owns=found.edit)
    context, status = {"tab": "community", "discussion": discussion, "form": form, **_in_main(proposal)}, 200
    if form.errors:
        status = 422
    elif form.is_valid() and "preview" not in request.POST:
        try:
            _save(form, discussion, proposal, request.user)
        except Refused as refused:
            status = _refused(form, refused, proposal)
        else:
            messages.success(request, _("You changed the card of this pull request."))
            return see_other(discussion)
    context |= _preview(request, form, card_before(proposal))
    if not form.is_bound:
        context["refusal"] = refusal(request.user, repository, Way.COMMIT, discussion=discussion, found=found)
    return render_page(request, "community/edit_card.html", repository, found, context, status=status)


def _preview(request: HttpRequest, form: ProposedCardForm, before: str) -> dict[str, Any]:
    """What the card in `form` would mean, when that was asked for and it can be taken."""
    if "preview" not in request.POST or not form.is_bound or "card" in form.errors:
        return {}
    return {"preview": preview_card(before, form.cleaned_data["card"])}


def _in_main(proposal: Proposal) -> dict[str, Any]:
    """In a conflict: the card in main as it is now, and what changed there."""
    if not proposal.card_conflicts:
        return {}
    theirs = card_at(proposal.repository, proposal.repository.head)
    return {"theirs": theirs, "comparison": changed_in_main(proposal)}


def _open(repository: Repository, values: dict[str, Any], actor: User) -> Discussion:
    return open_pull_request(
        repository,
        [_put(repository, values["card"])],
        title=values["title"],
        text=values["text"],
        actor=actor,
        parent=values["parent"],
        request_id=values["request_id"],
    )


def _initial(request: HttpRequest, repository: Repository) -> dict[str, Any]:
    card = (git.read_file(repository, CARD) or b"").decode(errors="replace")
    initial = {"card": card, "parent": repository.head}
    if "nfaa" in request.GET and not repository.card_nfaa:
        title = _("Tag this repository “Not For All Audiences”")
        return {**initial, "card": add_tag(card), "title": title}
    return initial


def _card_form(request: HttpRequest, proposal: Proposal, *, owns: bool) -> EditCardForm:
    present = card_at(proposal.repository, proposal.head)
    main = proposal.repository.head if proposal.card_conflicts else ""
    form = EditCardForm(sent(request), initial={"card": present, "parent": proposal.head, "main": main}, owns=owns)
    # Where both sides changed the card, keeping one's own is an answer too.
    form.before, form.may_stay = present, proposal.card_conflicts
    return form


def _save(form: EditCardForm, discussion: Discussion, proposal: Proposal, actor: User) -> None:
    values = form.cleaned_data
    put = _put(proposal.repository, values["card"])
    if proposal.card_conflicts:
        update_from_main(discussion, actor=actor, resolved=[put], parent=values["parent"], main=values["main"])
    else:
        message = "Change the proposed card"
        commit_to_pull_request(discussion, [put], actor=actor, message=message, parent=values["parent"])


def _refused(form: EditCardForm, refused: Refused, proposal: Proposal) -> int:
    """What was written stays in the form; where somebody committed in between, sending it again replaces that."""
    if refused.code == "stale":
        form.data = {name: form.data[name] for name in form.data} | {
            "parent": proposal.head,
            "main": proposal.repository.head,
        }
        words = _("Somebody changed it after you opened this page. Your text is still here; look at the changes first.")
        refused = Refused(words, code=refused.code)
    return refuse(form, refused)


def _put(repository: Repository, card: str) -> git.Put:
    return git.Put(CARD, git.store_bytes(repository, card.encode()).oid)
