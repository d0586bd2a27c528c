"""Watching and muting a discussion, or everything in a repository's community tab."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from community.models import Subscription
from community.queries import find_discussion
from community.subscribing import choose_level
from repositories import queries
from repositories.addresses import Address
from repositories.pages import see_other, verb

Level = Subscription.Level
OF_ONE = {
    Level.WATCH: _("You watch this discussion now."),
    Level.MUTE: _("You muted this discussion: you hear nothing of it, whoever mentions you."),
    None: _("You neither watch nor mute this discussion now."),
}
OF_ALL = {
    Level.WATCH: _("You watch this repository now: you hear of every new discussion and comment."),
    Level.MUTE: _("You muted this repository: you hear nothing of its discussions, whoever mentions you."),
    None: _("You neither watch nor mute this repository now."),
}


@verb
def discussion(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """`level=watch`, `mute` or `none` for one discussion."""
    assert request.user.is_authenticated
    found = find_discussion(queries.find(*address, request.user), number, request.user)
    chosen = choose_level(found.repository, request.POST.get("level", ""), discussion=found, actor=request.user)
    messages.success(request, OF_ONE[Level(chosen.level) if chosen else None])
    return see_other(found)


@verb
def repository(request: HttpRequest, address: Address) -> HttpResponse:
    """The same for everything in a repository's community tab."""
    assert request.user.is_authenticated
    found = queries.find(*address, request.user)
    chosen = choose_level(found, request.POST.get("level", ""), actor=request.user)
    messages.success(request, OF_ALL[Level(chosen.level) if chosen else None])
    return see_other("community:list", found)
