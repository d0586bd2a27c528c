"""Filing a claim of rights, and completing it later (C5)."""

import uuid
from dataclasses import fields

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import system_actor
from foundation.errors import Refused
from moderation.cases.actions import receive_report
from moderation.cases.actions.changed_reports import change_own_report
from moderation.cases.actions.counter import may_counter
from moderation.cases.actions.locking import lock_case
from moderation.cases.events import record, seal
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.intake.limits import require_below_limit
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.reports.actions.changing import MOST_VERSIONS
from moderation.reports.actions.claims import CLAUSE, Particulars, save_claim
from moderation.reports.actions.filing import KeyReused
from moderation.reports.details import Details
from moderation.reports.links import address_of
from moderation.reports.models import CounterStatement, Report, RightsClaim
from moderation.subjects.content import Content
from moderation.subjects.lookup import Target

CHANGED = "claim.changed"
# To whoever reports under the clause of claims in the ordinary way.
INSTEAD = gettext_lazy(
    "Rights in a work, a brand or an invention need a claim, which says more than a report. Please make the claim: the "
    "link is below. Nothing was sent yet."
)


@transaction.atomic
def file_claim(
    target: Target,
    particulars: Particulars,
    *,
    request_id: uuid.UUID,
    address: str = "",
    seen: Content | None = None,
    actor: User,
) -> Report:
    """Report `target` for the rights of a third party, with the particulars; confidential, in the lane for claims.

    A claim may be incomplete: then the claimant is told what is missing. `address` is the hash of the sender's, `seen`
    the content that is claimed, where it may have changed since. A form that is sent twice is one claim when it states
    the same. Raises RateLimited, and Refused as receive_report does, also where it states anything else.
    """
    clause = clause_of_claims()
    require_below_limit(actor, request_id=request_id, clause=clause)
    report = receive_report(
        target,
        clause=clause,
        text=particulars.words,
        ground=Report.Ground.LAW,
        confidential=True,
        request_id=request_id,
        details=Details(address=address),
        seen=seen,
        actor=actor,
    )
    keep_particulars(report, particulars)
    return report


def keep_particulars(report: Report, particulars: Particulars) -> None:
    """Keep what the claim `report` states, and ask the claimant for what it lacks; in the transaction that filed it.

    The same again changes nothing. Raises Refused when this report was filed with other particulars before.
    """
    known = RightsClaim.objects.filter(report=report).first()
    if known is None:
        claim = save_claim(report, particulars, actor=report.reporter)
        seal(lock_case(report.case_report.case), claim)
        _ask_for_missing(claim)
    elif states(known) != particulars:
        raise KeyReused


def states(claim: RightsClaim) -> Particulars:
    """Everything that `claim` states."""
    return Particulars(**{one.name: getattr(claim, one.name) for one in fields(Particulars)})


@transaction.atomic
def complete_claim(report: Report, particulars: Particulars, *, actor: User) -> RightsClaim:
    """Replace the particulars of an open claim; its words before stay readable, decisions on those are stale.

    The same again changes nothing. Raises Forbidden for somebody else's, Refused (409) once it is decided or
    withdrawn, or after many changes.
    """
    case = lock_case(report.case_report.case)
    change_own_report(report, text=particulars.words, links=report.links, passage=report.passage, actor=actor)
    known = RightsClaim.objects.filter(report=report).first()
    if known is not None and states(known) == particulars:
        return known
    changed = case.events.filter(kind=CHANGED, data__report=report.public_id.hex).count()
    if changed >= MOST_VERSIONS:
        raise Refused(_("You changed this report many times. We read it as it stands now."), code="too_many")
    claim = save_claim(report, particulars, actor=actor)
    case.refresh_from_db()
    # As with every confidential report the id says enough, and no name.
    record(case, CHANGED, actor=system_actor(), data={"report": report.public_id.hex}, seals=[claim])
    return claim


def clause_of_claims() -> Clause:
    """The clause of claims, with its lane. Raises Refused (404) where this hub has none in force."""
    clause = active_clauses().select_related("lane").filter(code=CLAUSE).first()
    if clause is None:
        raise Refused(_("This hub takes no claims of rights here."), code="not_found", status=404)
    return clause


def claim_to_answer(public_id: uuid.UUID, person: User) -> RightsClaim:
    """The claim of a report that `person` may answer or answered. Raises the same Refused (404) for every other one."""
    rows = RightsClaim.objects.select_related("report__case_report__case", "report__subject", "report__reporter")
    found = rows.filter(report__public_id=public_id).exclude(report__state=Report.State.WITHDRAWN).first()
    answered = found is not None and CounterStatement.objects.filter(claim=found, author=person).exists()
    if found is None or not (answered or may_counter(found, person)):
        raise Refused(_("There is no claim for you at this address."), code="not_found", status=404)
    return found


def statement_to_judge(public_id: uuid.UUID, actor: User) -> CounterStatement:
    """A counter-statement in a case that `actor` may see. Raises the same Refused (404) for every other one."""
    rows = CounterStatement.objects.select_related("claim__report__case_report__case", "author")
    found = rows.filter(public_id=public_id).first()
    if found is not None:
        case = found.claim.report.case_report.case
        if open_to(Case.objects.filter(pk=case.pk), actor).exists():
            return found
    raise Refused(_("There is no such counter-statement."), code="not_found", status=404)


def _ask_for_missing(claim: RightsClaim) -> None:
    person = claim.report.reporter
    with translation.override(person.language):
        if not claim.missing:
            return
        lines = "\n".join(f"- {words}" for words in claim.missing)
        body = _("We have your claim. The law wants more of it before we can act on it. Please add:\n\n%(missing)s")
        write_to(
            person,
            key=f"claim-missing:{claim.report.public_id}",
            subject=_("Your claim is not complete yet"),
            body=body % {"missing": lines},
            link=f"{address_of(claim.report)}/claim",
            link_label=_("Complete your claim"),
            actor=system_actor(),
        )
