"""Appointing trusted flaggers: for administrators, on the page of theirs or by a program (C4; DSA art. 22)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.policy.models import Clause
from moderation.reports.models import TrustedFlagger


def faults_of(user: User | None, since: datetime | None, until: datetime | None) -> dict[str, Any]:
    """What is wrong with such an appointment, in words by field: it begins before it ends, and guests are nobody's."""
    faults = {}
    if since and until and since >= until:
        faults["until"] = _("It ends before it begins.")
    if user and (user.is_guest or user.is_system):
        faults["user"] = _("Choose somebody with an account.")
    return faults


@transaction.atomic
def appoint(
    user: User,
    *,
    organization: str,
    clauses: Iterable[Clause] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    actor: User,
) -> TrustedFlagger:
    """Trust the reports of `user` under `clauses` (none: all) from `since` (now) on, and write that into the log.

    Raises Forbidden without the permission, Refused for what is wrong with it and for somebody who is one already.
    """
    _require(actor, "add")
    since = since or clock.now()
    _require_sound(user, since, until)
    try:
        with transaction.atomic():
            row = TrustedFlagger.objects.create(user=user, organization=organization, since=since, until=until)
    except IntegrityError:
        message = _("They are or were a trusted flagger: change that appointment.")
        raise Refused(message, code="exists") from None
    row.clauses.set(clauses)
    _log(row, ADDITION, actor)
    return row


@transaction.atomic
def change_appointment(flagger: TrustedFlagger, *, actor: User, **values: Any) -> TrustedFlagger:
    """Change `organization`, `clauses`, `since` or `until`, and write that into the log. Raises as `appoint` does."""
    _require(actor, "change")
    row = TrustedFlagger.objects.select_for_update(of=("self",)).select_related("user").get(pk=flagger.pk)
    clauses = values.pop("clauses", None)
    for name, value in values.items():
        setattr(row, name, value)
    _require_sound(row.user, row.since, row.until)
    row.save(update_fields=list(values))
    if clauses is not None:
        row.clauses.set(clauses)
    _log(row, CHANGE, actor)
    return row


@transaction.atomic
def end_appointment(flagger: TrustedFlagger, *, actor: User) -> None:
    """Trust them no more from now on; nothing where that ended before. Raises Forbidden without the permission."""
    _require(actor, "change")
    row = TrustedFlagger.objects.select_for_update().get(pk=flagger.pk)
    now = clock.now()
    if row.until is not None and row.until <= now:
        return
    # What was to begin later never does.
    row.since, row.until = min(row.since, now), now
    row.save(update_fields=["since", "until"])
    _log(row, CHANGE, actor)


def _require(actor: User, what: str) -> None:
    if not actor.has_perm(f"reports.{what}_trustedflagger"):
        raise Forbidden(_("Only administrators appoint trusted flaggers."))


def _require_sound(user: User, since: datetime, until: datetime | None) -> None:
    for words in faults_of(user, since, until).values():
        raise Refused(words, code="invalid", status=400)


def _log(row: TrustedFlagger, flag: int, actor: User) -> None:
    """Where administrators look for who appointed whom."""
    LogEntry.objects.log_actions(actor.pk, [row], flag, single_object=True)
