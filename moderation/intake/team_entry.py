"""Entering what reached the team by mail, social media, phone, or as an order of an authority (C3)."""

import uuid
from dataclasses import dataclass
from typing import Self

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
from moderation.intake.claims import keep_particulars, states
from moderation.policy.models import Clause
from moderation.reports.actions.claims import CLAUSE, Particulars
from moderation.reports.actions.filing import AlreadyReported, KeyReused
from moderation.reports.details import Details, SenderDetails
from moderation.reports.models import Report
from moderation.subjects.lookup import Target

CLAIM_IT = _(
    "Rights in a work, a brand or an invention need the particulars of a claim. Nothing was entered yet: please fill "
    "in what they state."
)
# Before that nobody sent anything; near the year 1 there are moments that the database keeps and we cannot read.
EARLIEST_YEAR = 1990


@dataclass(frozen=True)
class _Said:
    """What an entry says: sent again, it is the same entry only with all of it."""

    target: Target
    clause: Clause
    text: str
    channel: str
    sender: SenderDetails
    ground: str
    links: tuple[str, ...]
    claim: Particulars | None

    @classmethod
    def of(cls, report: Report) -> Self:
        """What was said in an entry of before; four queries."""
        kept, claim = report.sender, getattr(report, "claim", None)
        sender = SenderDetails(kept.name, kept.contact, kept.reference, kept.received_at)
        target, links = report.subject.target, tuple(report.links)
        stated = states(claim) if claim else None
        return cls(target, report.clause, report.text, report.channel, sender, report.ground, links, stated)


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
    claim: Particulars | None = None,
    request_id: uuid.UUID | None = None,
    actor: User,
) -> Report:
    """Take what somebody sent elsewhere for a report, always a confidential one; the sender is a guest.

    The guest of the sender's address, when `sender.contact` is one: the outcome goes there, in `language`. Nobody
    confirmed it, so it is kept apart from guests who did. Rights of third parties are claimed with the particulars of a
    `claim` and in its words, as everywhere (C5); what it lacks is asked of the sender. A repeated `request_id` returns
    the report it made before, where it says the same.

    Raises Forbidden unless `actor` is of the team, and Refused when the same sender's report of it is open, without
    the particulars of a claim, or for a sender as require_whole_sender does.
    """
    if not actor.is_team:
        raise Forbidden(_("Only the team enters what arrived elsewhere."))
    if Report.Channel(channel) not in Report.ENTERED:
        raise Refused(_("Choose how it arrived."), code="invalid", status=400)
    require_whole_sender(channel, sender)
    if clause.code == CLAUSE and claim is None:
        raise Refused(CLAIM_IT, code="claim", status=400)
    if claim is not None:
        if clause.code != CLAUSE:
            raise Refused(_("Only rights of third parties are claimed with particulars."), code="invalid", status=400)
        text, ground = claim.words, Report.Ground.LAW
    said = _Said(target, clause, text, channel, sender, ground, tuple(links), claim)
    if request_id and (known := Report.objects.filter(request_id=request_id, entered_by=actor).first()):
        if _Said.of(known) != said:
            raise KeyReused
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
    if claim is not None:
        keep_particulars(report, claim)
    case = Case.objects.select_for_update(of=("self",)).get(case_reports__report=report)
    # It brings the case nothing new, so no decision becomes stale by it.
    data = {"report": report.public_id.hex, "channel": channel}
    record(case, "report.entered", actor=actor, data=data, moves=False, seals=[report.sender])
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
