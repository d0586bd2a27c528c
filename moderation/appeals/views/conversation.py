"""Contesting, and an own appeal: how it stands, what was written, what we answered, the form to write to us (G2)."""

import hashlib
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import RateLimited, Refused
from moderation.appeals.forms import AppealForm, SayForm
from moderation.appeals.limits import file_within_limit, say_within_limit
from moderation.appeals.models import Appeal
from moderation.appeals.queries import decided_before_answer, is_affected
from moderation.appeals.talk import earlier_talk, is_sealed, talks_of, waits
from moderation.cases.models import Decision
from repositories.pages import see_other, sent

F = TypeVar("F", AppealForm, SayForm)


@dataclass(frozen=True)
class Back:
    """Where the page leads back to, and in which words."""

    link: str
    label: str


@dataclass
class Tried(Generic[F]):
    """A form that was shown or sent: with what it made, or why we did not take it, and when we do."""

    form: F
    status: int = 200
    appeal: Appeal | None = None
    retry_after: int | None = None

    def refuse(self, refusal: Refused) -> None:
        """Show the words again, with the reason."""
        self.form.add_error(None, refusal.message)
        self.status = refusal.status
        self.retry_after = refusal.seconds if isinstance(refusal, RateLimited) else None

    def with_headers(self, response: HttpResponse) -> HttpResponse:
        """`response`, which says when the next one is taken where that is why we did not take this one."""
        if self.retry_after is not None:
            response["Retry-After"] = self.retry_after
        return response


def contest_form(request: HttpRequest, decision: Decision, person: User) -> Tried[AppealForm]:
    """The form to contest `decision`; files the appeal where it was sent and is whole.

    Without files where nobody may send a copy of what it is about (C9).
    """
    tried = Tried(AppealForm(sent(request), request.FILES or None))
    if is_sealed(decision.case):
        del tried.form.fields["attachments"]
    if request.method != "POST":
        return tried
    tried.status = 422
    if tried.form.is_valid():
        values = tried.form.cleaned_data
        try:
            tried.appeal = file_within_limit(
                decision, text=values["text"], files=values.get("attachments", ()), actor=person
            )
        except Refused as refusal:
            tried.refuse(refusal)
        else:
            messages.success(request, _("We have your appeal. Somebody who did not decide before looks at it."))
    return tried


def contest_again(
    request: HttpRequest,
    appeal: Appeal,
    values: dict[str, Any],
    person: User,
    back: Back,
    *,
    place: str,
    by_mail: bool = False,
) -> HttpResponse:
    """Answer a form of these cleaned `values` that contests what was contested before, in the appeal at `place`.

    A double click, and what is not whole, leads there. Other words and files are not sent: the words stand in the form
    to write to us.
    """
    if "text" not in values or _began(appeal, values):
        return see_other(place)
    words = _("This was contested before, so what you just wrote is not sent. While we look at it you can add it here.")
    messages.warning(request, words)
    tried = Tried(SayForm(initial={"text": values["text"], "request_id": uuid.uuid4()}), status=HTTPStatus.CONFLICT)
    _take_no_copies(appeal, tried.form)
    return _show(request, appeal, person, back, tried, place=place, by_mail=by_mail)


def _began(appeal: Appeal, values: dict[str, Any]) -> bool:
    """Whether the appeal began with these words and files."""
    sent_now = {hashlib.sha256(file.content).hexdigest() for file in values.get("attachments", ())}
    kept = appeal.files.filter(message=None).values_list("sha256", flat=True)
    return values["text"] == appeal.text and sent_now <= set(kept)


def converse(request: HttpRequest, appeal: Appeal, person: User, back: Back, *, by_mail: bool = False) -> HttpResponse:
    """The conversation as `person`, whose appeal it is, reads it; what they send is one message, however often."""
    tried = Tried(SayForm(sent(request), request.FILES or None))
    _take_no_copies(appeal, tried.form)
    if request.method == "POST":
        tried.status = 422
        if tried.form.is_valid():
            values = tried.form.cleaned_data
            words = {"text": values["text"], "files": values.get("attachments", ()), "actor": person}
            try:
                say_within_limit(appeal, **words, request_id=values["request_id"])
            except Refused as refusal:
                tried.refuse(refusal)
            else:
                messages.success(request, _("We have your words. You hear from us here, and by e-mail."))
                return see_other(request.path)
        appeal.refresh_from_db()
    return _show(request, appeal, person, back, tried, place=request.path, by_mail=by_mail)


def _take_no_copies(appeal: Appeal, form: SayForm) -> None:
    if is_sealed(appeal.case):
        del form.fields["attachments"]


def _show(
    request: HttpRequest, appeal: Appeal, person: User, back: Back, tried: Tried[SayForm], *, place: str, by_mail: bool
) -> HttpResponse:
    affected = is_affected(appeal.decision, appeal.appellant)
    context = {
        "appeal": appeal,
        "affected": affected,
        "again": appeal.state == Appeal.State.UPHELD and not affected and not decided_before_answer(appeal),
        "lifted": list(appeal.lifted.order_by("pk")) if appeal.state in Appeal.RIGHT else [],
        "talk": earlier_talk(appeal, request.GET) if "after" in request.GET else talks_of([appeal])[appeal.pk],
        "earlier": "after" in request.GET,
        "waits": waits(appeal, clock.now()),
        "viewer": person,
        "form": tried.form,
        "back": back,
        "place": place,
        "by_mail": by_mail,
    }
    return tried.with_headers(render(request, "appeals/own.html", context, status=tried.status))
