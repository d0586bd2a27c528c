"""What people sent as evidence, for the team: a download that nothing runs or renders (C1, J6)."""

import uuid

from django.db.models import Q
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.audit import ATTACHMENT, note_reading
from moderation.cases.models import Case
from moderation.policy.models import Lane
from moderation.reports.actions.evidence import decrypted
from moderation.reports.models import Attachment, StoredFile

# What strangers sent is only ever a download.
SANDBOX = "sandbox; default-src 'none'"


def download(case: Case, public_id: uuid.UUID, *, actor: User) -> HttpResponse:
    """The file of a report of `case`; reading it is an event. Raises Refused: 404 for none, 410 once destroyed."""
    return hand_out(case, file_of(case, public_id, actor=actor), ATTACHMENT, actor=actor)


def file_of(case: Case, public_id: uuid.UUID, *, actor: User) -> Attachment:
    """A file of a report of `case`. Raises Refused (404) for none, and for one that lies behind a door.

    What was reported may be locked away since, by a later case: then the files of earlier ones are for the people of
    such a lane only (C9). One query, one more for what is locked away.
    """
    rows = Attachment.objects.filter(report__case_report__case=case, public_id=public_id)
    found = rows.select_related("blurred", "report__snapshot").first()
    if found is None or (found.report.snapshot.sealed and not _is_of_such_a_lane(actor)):
        raise Refused(_("There is no such file."), code="not_found", status=404)
    return found


def _is_of_such_a_lane(person: User) -> bool:
    return Lane.objects.filter(Q(group=None) | Q(group__in=person.groups.all()), sealed=True).exists()


def hand_out(case: Case, found: StoredFile, kind: str, *, actor: User) -> HttpResponse:
    """A file of `case`; reading it is an event that says of which `kind` it is. Raises Refused (410) once destroyed."""
    content = decrypted(found)
    note_reading(case, f"{kind}:{found.public_id.hex}", actor=actor)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return _inert(response)


def shown(webp: bytes) -> HttpResponse:
    """A picture that we made ourselves, to be shown on a page."""
    return _inert(HttpResponse(webp, content_type="image/webp"))


def _inert(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return uncached(response)


def uncached(response: HttpResponse) -> HttpResponse:
    """`response`, kept by no cache, listed by nobody, and without a trace of where it was opened from."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, noarchive, nosnippet"
    response["Referrer-Policy"] = "no-referrer"
    return response
