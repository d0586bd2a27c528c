"""Counter-statements to claims of rights: sent, answered by a suit, or followed by restoring (C5).

A counter-statement is no appeal: nobody of us judges it. Ten business days later what was closed for the claim is
restored, unless the claimant filed a suit and we noted it.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import system_actor
from foundation import clock
from foundation.compiled import Compiled
from foundation.errors import Forbidden, Refused
from foundation.markdown import literal
from moderation.cases import due
from moderation.cases.actions.lift import lift_measure
from moderation.cases.actions.locking import lock_case
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline, Decision
from moderation.cases.permissions import require_decide
from moderation.reports.actions.claims import Answer, save_counter_statement
from moderation.reports.links import address_of
from moderation.reports.models import CounterStatement, Report, RightsClaim
from moderation.sanctions.actions.statements import affected_by
from moderation.sanctions.models import Measure

RESTORED = gettext_noop("A counter-statement was sent, and nobody told us of a suit within ten business days.")


def closed_for(claim: RightsClaim) -> list[Measure]:
    """The measures that stand because we followed `claim`: of its case, under its clause; one query."""
    case = claim.report.case_report.case_id
    final = Decision.objects.final().filter(
        case=case, outcome=Decision.Outcome.VIOLATION, clause=claim.report.clause_id
    )
    standing = Measure.objects.standing().filter(decisions__in=final, clause=claim.report.clause_id)
    return list(standing.select_related("subject__repository__namespace", "person").distinct().order_by("pk"))


def may_counter(claim: RightsClaim, person: User) -> bool:
    """Whether `person` is of the owner side of something that is closed for `claim` now."""
    return any(one.pk == person.pk for one in affected_by(closed_for(claim)))


@transaction.atomic
def counter(claim: RightsClaim, answer: Answer, *, actor: User) -> CounterStatement:
    """Contradict a claim; the claimant gets a copy. Raises Forbidden, and Refused for a second one.

    Only the owner side, and only while something is closed for the claim.
    """
    case = lock_case(claim.report.case_report.case)
    if not may_counter(claim, actor):
        raise Forbidden(_("Only the owner of what is closed for this claim can contradict it."))
    statement = save_counter_statement(claim, answer, at=clock.now(), actor=actor)
    # Who sent it is in the statement: to the others in the case the author is the owner.
    data = {"report": claim.report.public_id.hex, "counter": statement.public_id.hex}
    record(case, "counter.sent", actor=actor, data=data, text=answer.text, seals=[statement])
    due.expect(case, Deadline.Kind.RESTORE, statement.restore_at)
    _send_copy(statement, claim)
    return statement


@transaction.atomic
def note_suit(statement: CounterStatement, *, actor: User, request_id: uuid.UUID | None = None) -> CounterStatement:
    """The claimant told us of a suit: what was closed stays closed. Raises Forbidden, Refused when it is too late.

    A repeated `request_id` does nothing more.
    """
    case = lock_case(statement.claim.report.case_report.case)
    done = {"counter": statement.public_id.hex}
    if was_done(case, "counter.suit", request_id, data=done, text="", actor=actor):
        return statement
    require_decide(case, actor)
    _keep_closed(case, statement, data=marked(done, request_id), actor=actor)
    statement.refresh_from_db()
    return statement


@transaction.atomic
def tell_of_suit(
    claim: RightsClaim, *, text: str, actor: User, request_id: uuid.UUID | None = None
) -> CounterStatement:
    """The claimant says which suit they filed: what was closed stays closed, as the law wants (legal-facts.md).

    Raises Forbidden for everybody else and for whoever took the claim back, Refused where nobody contradicted it and
    when it is too late. A repeated `request_id` does nothing more.
    """
    case = lock_case(claim.report.case_report.case)
    report = Report.objects.get(pk=claim.report_id)
    if report.reporter_id != actor.pk or report.state == Report.State.WITHDRAWN:
        raise Forbidden(_("Only whoever made the claim can tell us of their suit."))
    statement = CounterStatement.objects.select_related("claim__report", "author").filter(claim=claim).first()
    if statement is None:
        raise Refused(_("Nobody contradicted this claim."), code="not_contradicted")
    done = {"counter": statement.public_id.hex}
    if not was_done(case, "counter.suit", request_id, data=done, text=text, actor=actor):
        _keep_closed(case, statement, data=marked(done, request_id), text=text, actor=actor)
        statement.refresh_from_db()
    return statement


def _keep_closed(case: Case, statement: CounterStatement, *, data: dict[str, Any], text: str = "", actor: User) -> None:
    """Note the suit in the locked case: nothing is restored, and whoever contradicted the claim hears why."""
    row = CounterStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if row.suit_filed_at is not None or row.restored_at is not None:
        raise Refused(_("This is settled already."), code="settled")
    row.suit_filed_at = clock.now()
    row.save(update_fields=["suit_filed_at"])
    record(case, "counter.suit", actor=actor, data=data, text=text, seals=[row])
    if not _waiting(case):
        due.settle(case, Deadline.Kind.RESTORE)
    with translation.override(row.author.language):
        write_to(
            row.author,
            key=f"counter-suit:{row.public_id}",
            subject=_("It stays closed: a suit was filed"),
            body=_("Whoever claims the rights told us that they filed a suit. What was closed stays so until a court, "
                   "or both of you, decide."),
            actor=actor,
        )  # fmt: skip


def restore(case: Case, deadline: Deadline) -> None:
    """The ten business days are over: lift exactly what stands for claims that were contradicted and not sued about."""
    now, system = clock.now(), system_actor()
    for statement in _waiting(case).filter(restore_at__lte=now):
        for measure in closed_for(statement.claim):
            lift_measure(measure, reason=RESTORED, actor=system)
        statement.restored_at = now
        statement.save(update_fields=["restored_at"])
        case.refresh_from_db()
        data = {"counter": statement.public_id.hex}
        record(case, "counter.restored", actor=system, data=data, seals=[statement])
        claimant = statement.claim.report.reporter
        with translation.override(claimant.language):
            write_to(
                claimant,
                key=f"counter-restored:{statement.public_id}",
                subject=_("What we had closed for your claim is open again"),
                body=_("It was contradicted, and you told us of no suit within ten business days."),
                link=address_of(statement.claim.report),
                link_label=_("Your claim"),
                actor=system,
            )


def tell_of_claims(case: Case, measures: Sequence[Measure], *, actor: User) -> None:
    """Whoever has something closed for a claim learns who made it, and that a counter-statement is possible."""
    if not measures:
        return
    for claim in _claims_in(case.pk):
        closed = [one for one in measures if one.clause_id == claim.report.clause_id]
        for person in affected_by(closed):
            with translation.override(person.language):
                write_to(
                    person,
                    key=f"claim:{claim.report.public_id}",
                    subject=_("Who claims rights in what we closed"),
                    body=_("%(name)s claims rights in it. If that is a mistake, you can send a counter-statement: ten "
                           "business days later it is open again, unless they file a suit.")
                    % {"name": literal(claim.name)},
                    link=f"/report/claim/{claim.report.public_id}",
                    link_label=_("See the claim and answer it"),
                    actor=actor,
                )  # fmt: skip


@Compiled
def _claims_in(case: int) -> QuerySet[RightsClaim]:
    claims = RightsClaim.objects.filter(report__case_report__case=case).select_related("report")
    # Whoever took the claim back is named to nobody (C2).
    return claims.exclude(report__state=Report.State.WITHDRAWN).order_by("pk")


def _waiting(case: Case) -> QuerySet[CounterStatement]:
    rows = CounterStatement.objects.filter(claim__report__case_report__case=case, suit_filed_at=None, restored_at=None)
    return rows.select_related("author", "claim__report__reporter", "claim__report__case_report").order_by("pk")


def _send_copy(statement: CounterStatement, claim: RightsClaim) -> None:
    """The claimant gets the whole counter-statement, as the law wants, and learns what follows."""
    claimant = claim.report.reporter
    quoted = statement.text.replace("\n", "\n> ")
    with translation.override(claimant.language):
        body = _(
            "Your claim was contradicted. On %(date)s we open again what we had closed, unless you tell us before that "
            "you filed a suit.\n\n> %(text)s\n\nWhat was closed: %(location)s\n\nName: %(name)s\n\nAddress: "
            "%(address)s\n\nTelephone: %(phone)s\n\nSigned: %(signature)s\n\nWhoever sent it believes in good faith, "
            "under penalty of perjury, that it is a mistake, consents to the jurisdiction and accepts service of "
            "process."
        )
        values = {
            "date": date_format(statement.restore_at, "DATE_FORMAT"),
            "text": quoted,
            "location": literal(statement.location),
            "name": literal(statement.name),
            "address": literal(statement.address),
            "phone": literal(statement.phone),
            "signature": literal(statement.signature),
        }
        write_to(
            claimant,
            key=f"counter:{statement.public_id}",
            subject=_("Your claim was contradicted"),
            body=body % values,
            link=address_of(claim.report),
            link_label=_("Your claim"),
            actor=system_actor(),
        )
