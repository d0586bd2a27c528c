"""What we write about requests for access, each in the language of whoever gets it (A3, G1)."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import people_told_about
from foundation import clock
from repositories.models import AccessRequest, AccessRequestEvent

Verb = AccessRequestEvent.Verb


def tell_owner(request: AccessRequest, *, actor: User) -> None:
    """Somebody waits: told once per repository and day (UTC), however many ask, so that a busy one floods nobody."""
    repository = request.repository
    day = clock.now().date().isoformat()
    for person in people_told_about(repository.namespace):
        with translation.override(person.language):
            write_to(
                person,
                key=f"access-requests:{repository.public_id}:{day}",
                subject=_("People ask for access to %(what)s") % {"what": repository.full_name},
                body=_(
                    "%(name)s asks for the files of %(what)s. Whoever asks later today waits on the same page: we "
                    "write to you about this repository at most once a day."
                )
                % {"name": request.user.username, "what": repository.full_name},
                link=reverse("repositories:access_requests", args=[repository]),
                link_label=_("Decide"),
                actor=actor,
            )


def tell_asker(request: AccessRequest, event: AccessRequestEvent, *, ask_again: bool, actor: User) -> None:
    """What the owner decided, with the reason where one was given, and whether the person may ask again."""
    person, repository = request.user, request.repository
    with translation.override(person.language):
        subject, body = _said(request, Verb(event.verb), ask_again)
        open_now = request.status == AccessRequest.Status.ACCEPTED
        write_to(
            person,
            key=f"access:{request.public_id}:{event.pk}",
            subject=subject % {"what": repository.full_name},
            body=body % {"what": repository.full_name},
            link=reverse("repositories:files" if open_now else "repositories:ask_access", args=[repository]),
            link_label=_("To the files") if open_now else _("Your request"),
            actor=actor,
        )


def _said(request: AccessRequest, verb: AccessRequestEvent.Verb, ask_again: bool) -> tuple[str, str]:
    if verb == Verb.ACCEPTED:
        return _("You have access to %(what)s"), _("The owner of %(what)s let you in: its files are there for you now.")
    if verb == Verb.GRANTED:
        return (
            _("You have access to %(what)s"),
            _("The owner of %(what)s gave you access unasked: its files are there for you now."),
        )
    if verb == Verb.CANCELLED:
        return (
            _("Your request for %(what)s waits again"),
            _("The owner of %(what)s set your request back. Its files stay closed to you until the owner decides."),
        )
    return _("The owner does not give you access to %(what)s"), _rejection(request.reason, ask_again)


def _rejection(reason: str, ask_again: bool) -> str:
    parts = [_("The owner of %(what)s looked at your request for its files and rejected it.")]
    if reason:
        # The owner's own words stay as they are; a percent sign in them is no place for a name.
        parts.append("> " + reason.replace("%", "%%").replace("\n", "\n> "))
    if ask_again:
        parts.append(_("You may ask again."))
    parts.append(_("Its page and its discussions stay open to you."))
    return "\n\n".join(parts)
