"""Asking for the files of a gated repository, and deciding about it (A3). Every change leaves an event."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Forbidden, Refused
from foundation.text import clean_text
from repositories.access import Access, require_see, role_in
from repositories.gating import conditions_of, may_ask, require_decide
from repositories.gating.notices import tell_asker, tell_owner
from repositories.gating.queries import not_found
from repositories.models import AccessRequest, AccessRequestEvent, Gating, Repository

Status, Verb = AccessRequest.Status, AccessRequestEvent.Verb
LONGEST_REASON = 1_000
CHANGED = _("The owner changed the conditions after you opened this page. Read them again, then agree.")
# What a verb makes of a request.
STATUS_AFTER = {
    Verb.ASKED: Status.PENDING,
    Verb.ACCEPTED: Status.ACCEPTED,
    Verb.REJECTED: Status.REJECTED,
    Verb.CANCELLED: Status.PENDING,
    Verb.GRANTED: Status.ACCEPTED,
}
_VERBS = {Status.ACCEPTED: Verb.ACCEPTED, Status.REJECTED: Verb.REJECTED, Status.PENDING: Verb.CANCELLED}


@transaction.atomic
def ask_access(
    repository: Repository, answers: Mapping[str, object], *, actor: User, agreed: str | None = None
) -> AccessRequest:
    """Agree to the conditions and ask for the files: accepted at once in automatic gating, else the owner decides.

    `answers` go by the labels of the questions. `agreed` is the digest of the conditions as the person saw them: when
    they changed since, nothing is agreed to. Who has access, or waits already, gets the request as it is.
    Raises the 404 of a repository that `actor` does not see, Forbidden for a rejection that is final, for a disabled
    repository and a deactivated account, Refused where it is not gated, where the files are open to `actor` anyway and
    for changed conditions, ValidationError by label for answers that are missing or wrong.
    """
    found = require_see(repository, actor)
    row = AccessRequest.objects.select_for_update().filter(repository=repository.pk, user=actor.pk).first()
    _require_may_ask(repository, found, row, actor)
    conditions = conditions_of(repository)
    if row is not None and not may_ask(repository, row, conditions):
        if row.status == Status.REJECTED:
            raise Forbidden(_("The owner rejected your request, and takes no second one."), code="rejected")
        return row
    if agreed not in (None, conditions.digest):
        raise Refused(CHANGED, code="stale")
    told = {"conditions": conditions.agreed, "answers": conditions.clean(answers), "requested_at": clock.now()}
    if row is None:
        row, created = AccessRequest.objects.get_or_create(repository=repository, user=actor, defaults=told)
        if not created:  # the same form, sent twice at once
            return row
    for name, value in told.items():
        setattr(row, name, value)
    row.repository, row.user = repository, actor
    _turn(row, Verb.ASKED, at=row.requested_at, actor=actor)
    if repository.gating == Gating.AUTO:
        _turn(row, Verb.ACCEPTED, at=row.requested_at, actor=system_actor())
    else:
        tell_owner(row, actor=actor)
    return row


def handle(request: AccessRequest, status: str, *, actor: User, reason: str = "") -> AccessRequest:
    """Decide one request as `handle_many` does; a request that stands so already, or is gone, is a 404."""
    if not handle_many(request.repository, [request.public_id], status, actor=actor, reason=reason):
        raise not_found()
    request.refresh_from_db()
    return request


@transaction.atomic
def handle_many(
    repository: Repository, public_ids: Collection[UUID], status: str, *, actor: User, reason: str = "", was: str = ""
) -> int:
    """Accept, reject (with a `reason` that the people read) or set back requests; returns how many changed (A3).

    Those that stand so already stay as they are; with `was`, the status that the actor saw, also those that somebody
    else decided meanwhile.
    Raises Forbidden unless `actor` edits the repository, Refused (400) where it is not gated, for an unknown status
    and a reason without a rejection, ValidationError for a reason that is too long.
    """
    require_decide(repository, actor)
    _require_gated(repository)
    if status not in Status.values or (reason and status != Status.REJECTED):
        message = _("Accept, reject or set back; a reason is only for a rejection.")
        raise Refused(message, code="invalid", status=400)
    reason = clean_text(reason, longest=LONGEST_REASON)
    rows = AccessRequest.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    changed = rows.filter(repository=repository.pk, public_id__in=public_ids).exclude(status=status)
    moment, ask_again = clock.now(), conditions_of(repository).ask_again
    found = list(changed.filter(status=was) if was else changed)
    for row in found:
        row.repository = repository
        event = _turn(row, _VERBS[Status(status)], at=moment, actor=actor, reason=reason)
        tell_asker(row, event, ask_again=ask_again, actor=actor)
    return len(found)


@transaction.atomic
def grant(repository: Repository, user: User, *, actor: User) -> AccessRequest:
    """Give `user` access, whether it was asked for or not, also after a rejection (A3).

    Raises Forbidden unless `actor` edits the repository, Refused where it is not gated (400), for somebody who has the
    files already (400) and for an account that is no more (404).
    """
    require_decide(repository, actor)
    _require_gated(repository)
    if not user.is_active or user.is_system:
        raise Refused(_("There is nobody of this name here."), code="not_found", status=404)
    moment = clock.now()
    if not role_in(repository.namespace, user):
        AccessRequest.objects.get_or_create(repository=repository, user=user, defaults={"requested_at": moment})
        row = AccessRequest.objects.select_for_update().get(repository=repository, user=user)
        if row.status != Status.ACCEPTED:
            row.repository, row.user = repository, user
            event = _turn(row, Verb.GRANTED, at=moment, actor=actor)
            tell_asker(row, event, ask_again=False, actor=actor)
            return row
    message = _("%(name)s has access already.") % {"name": user.username}
    raise Refused(message, code="already_granted", status=400)


def _turn(
    row: AccessRequest, verb: AccessRequestEvent.Verb, *, at: datetime, actor: User, reason: str = ""
) -> AccessRequestEvent:
    """One step of a row that the caller holds locked, and its event."""
    row.status, row.reason = STATUS_AFTER[verb], reason
    waits = row.status == Status.PENDING
    row.decided_at, row.decided_by = (None, None) if waits else (at, actor)
    row.save()
    return AccessRequestEvent.objects.create(request=row, verb=verb, actor=actor, reason=reason, at=at)


def _require_gated(repository: Repository) -> None:
    if repository.gating == Gating.NONE:
        message = _("This repository is not gated: whoever sees it has its files.")
        raise Refused(message, code="not_gated", status=400)


def _require_may_ask(repository: Repository, found: Access, row: AccessRequest | None, actor: User) -> None:
    if not actor.is_active:
        raise Forbidden(_("Your account is closed."), code="deactivated")
    if found.disabled and not found.owner_side:
        message = _("Access to this repository is disabled: its files are only there for its owner.")
        raise Forbidden(message, code="disabled")
    _require_gated(repository)
    accepted = row is not None and row.status == Status.ACCEPTED
    if found.owner_side or (found.files and not accepted):
        message = _("You need not ask: the files of this repository are open to you.")
        raise Refused(message, code="not_needed", status=400)
