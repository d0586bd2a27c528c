"""The team’s side of the threads with parties."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from moderation.cases.actions import ask, ask_owner, invite, invite_by_mail, leave, reply
from moderation.cases.audit import THREAD, note_reading
from moderation.cases.case_forms import InviteForm, MessageForm
from moderation.cases.conversations import thread_of
from moderation.cases.models import Case, Party
from moderation.cases.naming import NamesSomebody
from moderation.cases.views.team import SeeOther, TeamRequest, team_page
from moderation.cases.views.verbs import carry_out, find_review


@team_page
@require_POST
def ask_owner_of_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask the owner for the first time; the case waits outside of the queue while they have time (D2)."""
    case = find_review(case_id, request)
    return _send(request, case, "owner", lambda words: ask_owner(case, actor=request.user, **words))


@team_page
@require_POST
def write_to_party(request: TeamRequest, case_id: uuid.UUID, party_id: uuid.UUID) -> HttpResponse:
    """Ask a party, reply to it, or close the question (`do`)."""
    case, party = _find(request, case_id, party_id)
    do = request.POST.get("do", "")

    def write(words: dict[str, Any]) -> None:
        if do in ("reply", "close"):
            reply(party, actor=request.user, closes=do == "close", **words)
        else:
            ask(party, actor=request.user, **words)

    return _send(request, case, party.public_id.hex, write)


@team_page
@require_safe
def thread_of_party(request: TeamRequest, case_id: uuid.UUID, party_id: uuid.UUID) -> HttpResponse:
    """What a party and we wrote before the newest messages, which the page of the case shows; an event says so (J6)."""
    case, party = _find(request, case_id, party_id)
    note_reading(case, THREAD, actor=request.user)
    context = {"case": case, "party": party, "thread": thread_of(party, request.GET)}
    return render(request, "cases/thread.html", context)


@team_page
@require_POST
def invite_party(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Let somebody whom the case concerns take part, by user name or by mail (D1)."""
    case = find_review(case_id, request)
    form = InviteForm(request.POST)

    def do(values: dict[str, Any]) -> str:
        if form.person is not None:
            invite(case, role=values["role"], person=form.person, actor=request.user)
        else:
            invite_by_mail(
                case,
                role=values["role"],
                email=values["who"],
                name=values["name"],
                language=values["language"] or "en",
                actor=request.user,
            )
        return _("We wrote to them. They have a thread of their own; nobody else learns of it.")

    return carry_out(request, case, form, do, invite_form=form)


@team_page
@require_POST
def excuse_party(request: TeamRequest, case_id: uuid.UUID, party_id: uuid.UUID) -> HttpResponse:
    """End somebody’s part in the case: a mistake, or they asked for it."""
    case, party = _find(request, case_id, party_id)
    leave(party, actor=request.user)
    return SeeOther(case.get_absolute_url())


def _find(request: TeamRequest, case_id: uuid.UUID, party_id: uuid.UUID) -> tuple[Case, Party]:
    case = find_review(case_id, request)
    parties = Party.objects.select_related("user__guest", "organization")
    return case, get_object_or_404(parties, case=case, public_id=party_id)


def _send(request: TeamRequest, case: Case, words_for: str, write: Any) -> HttpResponse:
    form = MessageForm(request.POST)
    found: list[str] = []

    def do(values: dict[str, Any]) -> str:
        words = {name: values[name] for name in ("text", "request_id", "naming")}
        try:
            write(words)
        except NamesSomebody as refusal:
            found.extend(refusal.names)
            raise
        return _("Sent. They read it in their thread, and got a mail.")

    return carry_out(request, case, form, do, message_form=form, words_for=words_for, names=found)
