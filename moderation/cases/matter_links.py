"""Where a party finds its thread; for somebody without an account by a signed link (D1, C6).

The link is bound to the party and to the address that it was sent to, and ends after thirty days, or once they left.
"""

from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases.models import Party
from moderation.subjects.queries import EVERYTHING

HOLDS = timedelta(days=30)


def link_for(party: Party, person: User) -> str:
    """The path at which `person` reads the thread of `party`."""
    if not person.is_guest:
        return reverse("cases:matter", args=[party.public_id])
    until = int((clock.now() + HOLDS).timestamp())
    return reverse("cases:matter_by_mail", args=[party.public_id, _signer(party, person).sign(str(until))])


def find_by_link(public_id: UUID, token: str) -> Party:
    """The party, with its guest, whose link this is. Raises Refused (404) for one that is not ours or holds no more."""
    rows = Party.objects.select_related("user__guest", "case__clause", *[f"case__subject__{one}" for one in EVERYTHING])
    party = rows.filter(public_id=public_id, user__is_guest=True, left_at=None).first()
    if party is None or party.user is None or not _holds(token, party, party.user):
        message = _("This link does not hold any more. Our latest mail to you has one that does.")
        raise Refused(message, code="not_found", status=404)
    return party


def _holds(token: str, party: Party, person: User) -> bool:
    try:
        until = int(_signer(party, person).unsign(token))
    except (BadSignature, ValueError):
        return False
    return until >= clock.now().timestamp()


def _signer(party: Party, person: User) -> Signer:
    return Signer(sep=".", salt=f"cases.matters:{party.public_id}:{person.mail_address}")
