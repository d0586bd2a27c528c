"""Reports of people without an account: kept until the address is confirmed by mail, then filed (C1).

Until then nothing happens by them, nobody reads them, and after 48 hours they are deleted.
"""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import guest_for, write_to
from accounts.models import User
from accounts.queries import system_actor
from foundation import bells, clock
from foundation.clock import Now
from foundation.errors import RateLimited, Refused
from moderation.intake.claims import file_claim
from moderation.intake.filing import file_all
from moderation.intake.models import ConfirmationMail, PendingReport
from moderation.intake.others import picked_comments
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.reports.actions.claims import CLAUSE, Particulars
from moderation.reports.details import Details
from moderation.reports.links import address_of
from moderation.reports.models import Report
from moderation.subjects import quarantine
from moderation.subjects.content import Content, content_of
from moderation.subjects.lookup import Target, find_target
from moderation.subjects.models import Subject

LASTS = timedelta(hours=48)
# Mails that one address may get while its holder confirms none: nobody's mailbox is flooded by others.
MOST_UNCONFIRMED = 3
# What comes from one network within an hour.
MOST_AN_HOUR, HOUR = 10, timedelta(hours=1)
_signer = Signer(sep=".", salt="intake.confirm_report")


@transaction.atomic
def keep_until_confirmed(
    target: Target,
    *,
    kind: str,
    values: dict[str, Any],
    sealed: bool,
    details: Details,
    seen: Content | None = None,
    language: str,
) -> PendingReport:
    """Keep the cleaned `values` of a form, and send its address a link to confirm them.

    The content is kept as it is now, or as it was `seen`, because that is what is reported (C8); nothing of what is
    `sealed` (C9). Raises RateLimited. A form that was sent before is kept once; with anything else in it, another
    address too, it is another report with a mail of its own.
    """
    kept = None if sealed else _kept_content(kind, target, seen)
    said = {
        "clause": values["clause"].code,
        "text": values["text"],
        "ground": values["ground"],
        "links": list(details.links),
        "passage": details.passage if kept else "",
        "danger": details.danger,
        "others": [one.public_id.hex for one in values["others"]],
        "seen": kept,
    }
    who = {"email": values["email"], "name": values.get("name", ""), "language": language}
    return _keep(said, target, kind, request_id=values["request_id"], address=details.address, **who)


@transaction.atomic
def keep_claim_until_confirmed(
    target: Target, particulars: Particulars, *, kind: str, request_id: UUID, address: str, language: str
) -> PendingReport:
    """The same for a claim of rights; `address` is the hash of the sender's (C5). Raises RateLimited."""
    said = {
        "clause": CLAUSE,
        "text": particulars.words,
        "claim": asdict(particulars),
        "seen": _kept_content(kind, target),
    }
    who = {"email": particulars.email, "name": particulars.name[:200], "language": language}
    return _keep(said, target, kind, request_id=request_id, address=address, **who)


@transaction.atomic
def confirm(pending: PendingReport) -> Report:
    """File what was kept: whoever opened the link has the address. Confirming twice files one report.

    Of somebody who has an account with this confirmed address it is their own report, else a guest's. Raises Refused
    when what is reported is not there any more for everybody, and as receive_report does.
    """
    row = PendingReport.objects.select_for_update().get(pk=pending.pk)
    if row.report is not None:
        return row.report
    said, who = row.values, _person_of(row)
    target = find_target(row.target_kind, row.target_id, AnonymousUser())
    report = _claim(row, target, who) if "claim" in said else _report(row, target, who)
    row.report, row.values = report, {}
    row.save(update_fields=["report", "values"])
    _say_received(report, row.language)
    return report


def still_there(pending: PendingReport) -> Target | None:
    """What would be reported; None when it is not there any more for everybody."""
    try:
        return find_target(pending.target_kind, pending.target_id, AnonymousUser())
    except Refused:
        return None


def _claim(row: PendingReport, target: Target, who: User) -> Report:
    said = row.values
    particulars, seen = Particulars(**said["claim"]), Content(**said["seen"]) if said["seen"] else None
    return file_claim(target, particulars, request_id=row.public_id, address=row.address, seen=seen, actor=who)


def _report(row: PendingReport, target: Target, who: User) -> Report:
    said = row.values
    others = picked_comments(target, said["others"], None)
    report, _new = file_all(
        target,
        others=others,
        clause=_clause(said["clause"]),
        text=said["text"],
        ground=said["ground"],
        confidential=True,
        request_id=row.public_id,
        details=Details(
            links=tuple(said["links"]),
            passage=said["passage"],
            danger=said["danger"],
            batch=row.public_id if others else None,
            address=row.address,
        ),
        seen=Content(**said["seen"]) if said["seen"] else None,
        actor=who,
    )
    return report


def forget_words(subject: Subject) -> None:
    """Empty what unconfirmed reports keep of `subject`, whose words were locked away (C9).

    Once confirmed they are about what is there then.
    """
    waiting = PendingReport.objects.filter(target_kind=subject.kind, target_id=subject.target.public_id, report=None)
    with transaction.atomic():
        for row in waiting.select_for_update().order_by("pk"):
            row.values |= {"seen": None, "passage": ""}
            row.save(update_fields=["values"])


def _kept_content(kind: str, target: Target, seen: Content | None = None) -> dict[str, str] | None:
    """What is reported, as it is now or as it was `seen`; None where words of it are locked away (C9)."""
    locked = quarantine.standing().filter(**{f"snapshot__subject__{kind}": target})
    return None if locked.exists() else asdict(seen or content_of(Subject(**{kind: target})))


def discard(pending: PendingReport) -> bool:
    """Delete what somebody sent in the name of an address; what was confirmed stays. Returns whether it is gone."""
    PendingReport.objects.filter(pk=pending.pk, report=None).delete()
    return not PendingReport.objects.filter(pk=pending.pk).exists()


def forget_unconfirmed() -> int:
    """Delete what is over: unconfirmed reports, and what confirmed ones were kept for; returns how many."""
    return PendingReport.objects.filter(expires_at__lte=Now()).delete()[1].get("intake.PendingReport", 0)


def token_of(pending: PendingReport) -> str:
    """What the link in the mail holds; it is good for confirming this report, and for nothing else."""
    return _signer.sign(pending.public_id.hex)


def pending_by_token(token: str) -> PendingReport:
    """What a link confirms. Raises Refused (404) for one that is not ours, or whose 48 hours are over."""
    try:
        key = UUID(_signer.unsign(token))
        rows = PendingReport.objects.filter(expires_at__gt=Now()).select_related("report__reporter")
        return rows.get(public_id=key)
    except (ValueError, BadSignature, PendingReport.DoesNotExist):
        message = gettext_lazy("This link does not hold any more: it is good for 48 hours. Please report it again.")
        raise Refused(message, code="not_found", status=404) from None


def _keep(
    said: dict[str, Any],
    target: Target,
    kind: str,
    *,
    email: str,
    name: str,
    language: str,
    request_id: UUID,
    address: str,
) -> PendingReport:
    email = email.strip().lower()
    _hold(email, address)
    # Whoever goes back to correct a word or the address sends the same request_id again.
    what = {name: value for name, value in said.items() if name != "seen"}
    whole = json.dumps([email, name, kind, target.public_id.hex, what], sort_keys=True)
    public_id = uuid5(request_id, whole)
    if known := PendingReport.objects.filter(public_id=public_id).first():
        return known
    now = clock.now()
    _require_below_limits(email, address)
    pending = PendingReport.objects.create(
        public_id=public_id,
        email=email,
        name=name,
        language=language,
        target_kind=kind,
        target_id=target.public_id,
        values=said,
        address=address,
        created_at=now,
        expires_at=now + LASTS,
    )
    ConfirmationMail.objects.create(pending=pending)
    bells.ring("send_confirmations")
    return pending


def _person_of(row: PendingReport) -> User:
    """Whoever has the address, and confirmed it here; else the guest of this address, who reads the form's language."""
    verified = EmailAddress.objects.filter(email=row.email, verified=True, user__is_active=True)
    if known := verified.select_related("user").order_by("pk").first():
        person: User = known.user
        return person
    guest = guest_for(row.email, row.name, row.language, confirmed=True)
    guest.language, guest.fullname = row.language, row.name or guest.fullname
    guest.save(update_fields=["language", "fullname"])
    return guest


def _clause(code: str) -> Clause:
    clause = active_clauses().select_related("lane").filter(code=code).first()
    if clause is None:
        raise Refused(_("This choice does not exist any more. Please report it again with another one."))
    return clause


def _say_received(report: Report, language: str) -> None:
    with translation.override(language):
        write_to(
            report.reporter,
            key=f"received:{report.public_id}",
            subject=_("We have your report"),
            body=_("Thank you for telling us. You hear from us again when we have decided. You can follow, change and "
                   "withdraw your report until then."),
            link=address_of(report),
            link_label=_("Your report"),
            actor=system_actor(),
        )  # fmt: skip


def _hold(email: str, address: str) -> None:
    """Parallel forms for one address, or from one network, count one after the other."""
    with connection.cursor() as cursor:
        for name in (f"intake.email:{email}", f"intake.address:{address}"):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _require_below_limits(email: str, address: str) -> None:
    now = clock.now()
    waiting = PendingReport.objects.filter(email=email, report=None, expires_at__gt=now).order_by("expires_at")
    ends = list(waiting.values_list("expires_at", flat=True)[:MOST_UNCONFIRMED])
    if len(ends) == MOST_UNCONFIRMED:
        message = _("We sent several mails to this address already. Please open the link in one of them first.")
        raise RateLimited(message, until=ends[0], now=now)
    recent = PendingReport.objects.filter(address=address, created_at__gt=now - HOUR).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[:MOST_AN_HOUR])
    if address and len(times) == MOST_AN_HOUR:
        message = _("Many reports came from your network within an hour. Please try again later, or sign in.")
        raise RateLimited(message, until=times[-1] + HOUR, now=now)
