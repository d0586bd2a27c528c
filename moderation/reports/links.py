"""Where a reporter follows an own report: the page among their reports, or for a guest a signed link (C1, C7)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.reports.models import Report
from moderation.reports.queries import own_report

# Long enough to contest an outcome that took its time; every mail brings a new one.
LASTS = timedelta(days=365)


def address_of(report: Report) -> str:
    """The path of the page of `report` for its reporter; needs the reporter. Whoever has a guest's, is that guest."""
    if not report.reporter.is_guest:
        return f"/reports/{report.public_id}"
    until = int((clock.now() + LASTS).timestamp())
    return f"/reports/guest/{_signer(report.reporter).sign(f'{report.public_id.hex}.{until}')}"


def report_by_token(token: str) -> Report:
    """The report of a guest that a signed link opens.

    Raises Refused (404) for one that is not ours, is over or was revoked: a new password of the guest, which nobody
    ever knows, revokes all of them.
    """
    try:
        public_id = UUID(token.partition(".")[0])
        guest = User.objects.get(reports__public_id=public_id, is_guest=True, is_active=True)
        until = int(_signer(guest).unsign(token).rpartition(".")[2])
        if datetime.fromtimestamp(until, UTC) < clock.now():
            raise BadSignature  # noqa: TRY301 - the same answer for all
    except (ValueError, User.DoesNotExist, BadSignature):
        message = _("This link does not hold any more. The newest mail that we sent you about it has another one.")
        raise Refused(message, code="not_found", status=404) from None
    return own_report(public_id, guest)


def place_since_taken_over(token: str) -> str:
    """Where the report of a guest's link lies since somebody with an account took it over; "" where nobody did.

    Only its reporter can open that, so this says nothing to anybody else.
    """
    try:
        public_id = UUID(token.partition(".")[0])
    except ValueError:
        return ""
    taken = Report.objects.filter(public_id=public_id, reporter__is_guest=False).exists()
    return f"/reports/{public_id}" if taken else ""


def _signer(guest: User) -> Signer:
    return Signer(sep=".", salt=f"reports.links:{guest.password}")
