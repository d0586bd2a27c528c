"""Entering what reached the team by mail, social media, phone, or as an order of an authority (C3)."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import guest_for
from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import receive_report
from moderation.cases.events import record
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.reports.actions import AlreadyReported
from moderation.reports.details import Details, SenderDetails
from moderation.reports.models import Report
from moderation.subjects.lookup import Target

# Before that nobody sent anything; near the year 1 there are moments that the database keeps and we cannot read.
EARLIEST_YEAR = 1990


@transaction.atomic
def enter_report(
    target: Target,
    *,
    clause: Clause,
    text: str,
    channel: str,
    sender: SenderDetails,
    language: str,
    ground: str = Report.Ground.RULES,
    links: tuple[str, ...] = (),
    request_id: uuid.UUID | None = None,
    actor: User,
) -> Report:
    """Take what somebody sent elsewhere for a report, always a confidential one; the sender is a guest.

    The guest of the sender's address, when `sender.contact` is one: the outcome goes there, in `language`. Nobody
    confirmed it, so it is kept apart from guests who did. A repeated `request_id` returns the report it made before.
    Raises Forbidden unless `actor` is of the team, and Refused when the same sender's report of it is open, or for a
    sender as require_whole_sender does.
    """
    if not actor.is_team:
        raise Forbidden(_("Only the team enters what arrived elsewhere."))
    if Report.Channel(channel) not in Report.ENTERED:
        raise Refused(_("Choose how it arrived."), code="invalid", status=400)
    require_whole_sender(channel, sender)
    if request_id and (known := Report.objects.filter(request_id=request_id, entered_by=actor).first()):
        return known
    guest = guest_for(_address_in(sender.contact), sender.name, language, confirmed=False)
    try:
        report = receive_report(
            target,
            clause=clause,
            text=text,
            ground=ground,
            confidential=True,
            channel=channel,
            request_id=request_id,
            details=Details(links=links, entered_by=actor, sender=sender),
            actor=guest,
        )
    except AlreadyReported:
        message = _("An open report of the same thing for the same reason was entered for this sender before.")
        raise Refused(message, code="already_reported") from None
    case = Case.objects.select_for_update(of=("self",)).get(case_reports__report=report)
    # It brings the case nothing new, so no decision becomes stale by it.
    record(case, "report.entered", actor=actor, data={"report": report.public_id.hex, "channel": channel}, moves=False)
    return report


def require_whole_sender(channel: str, sender: SenderDetails) -> None:
    """An order is worth what its sender is: who and under which number must be there; nothing came in the future.

    Raises Refused for what is missing.
    """
    if channel == Report.Channel.AUTHORITY and not sender.name:
        raise Refused(_("Say which authority sent the order."), code="invalid", status=400)
    if channel == Report.Channel.AUTHORITY and not sender.reference:
        raise Refused(_("Say under which file number the authority sent the order."), code="invalid", status=400)
    if sender.received_at > clock.now():
        raise Refused(_("This moment has not come yet."), code="future", status=400)
    if sender.received_at.year < EARLIEST_YEAR:
        raise Refused(_("This is no moment we understand."), code="invalid", status=400)


def _address_in(contact: str) -> str:
    """`contact` when it is an e-mail address, else ""."""
    try:
        validate_email(contact)
    except ValidationError:
        return ""
    return contact
