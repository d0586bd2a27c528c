"""Which mails about discussions a person gets, and what they watch and mute."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.pages import SignedInRequest, own_page
from community.digests import Rhythm, choose_rhythm, rhythm_of
from community.inbox import subscriptions_of
from community.mail_forms import RhythmForm
from community.stop_links import find_by_token
from community.subscribing import end_subscription
from foundation.http import private
from foundation.pages import page
from repositories.pages import see_other, sent

CHOSEN = {
    Rhythm.SOON: _("You get mails about discussions soon after something is written."),
    Rhythm.DAILY: _("You get mails about discussions once a day at most."),
    Rhythm.WEEKLY: _("You get mails about discussions once a week at most."),
    Rhythm.NEVER: _("You get no mails about discussions."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def choice(request: SignedInRequest) -> HttpResponse:
    """How often mails come, and the list of what one watches and mutes."""
    form = RhythmForm(sent(request), initial={"rhythm": rhythm_of(request.user)})
    if form.is_valid():
        rhythm = Rhythm(form.cleaned_data["rhythm"])
        choose_rhythm(rhythm, actor=request.user)
        messages.success(request, CHOSEN[rhythm])
        return see_other("community:mail_choice")
    shown = page(subscriptions_of(request.user), request.GET, order=("-created_at", "-id"), size=30)
    context = {"form": form, "page": shown}
    return render(request, "community/mail_choice.html", context, status=422 if form.errors else 200)


@require_POST
@own_page
def end(request: SignedInRequest) -> HttpResponse:
    """Take back what one watches or mutes; one that is gone already changes nothing."""
    key = request.POST.get("subscription", "")
    if key.isascii() and key.isdecimal() and len(key) < 19:
        end_subscription(int(key), actor=request.user)
    messages.success(request, _("You neither watch nor mute it now."))
    return see_other("community:mail_choice")


@csrf_exempt  # programs that read mail send it by themselves; whoever has the link may do this one thing
@require_http_methods(["GET", "HEAD", "POST"])
@private
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in a mail leads: GET says what it does, POST ends the mails (RFC 8058: without being sent on)."""
    user = find_by_token(token)
    if request.method == "POST":
        choose_rhythm(Rhythm.NEVER, actor=user)
    context: dict[str, Any] = {"person": user, "stopped": rhythm_of(user) == Rhythm.NEVER}
    response = render(request, "community/stop_mails.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
