"""Filing a claim of rights, and completing it later (C5)."""

import uuid

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import system_actor
from foundation.errors import Refused
from moderation.cases.actions import receive_report
from moderation.cases.actions.changed_reports import change_own_report
from moderation.cases.actions.locking import lock_case
from moderation.cases.events import record
from moderation.intake.limits import require_below_limit
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.reports.actions.claims import CLAUSE, Particulars, save_claim
from moderation.reports.details import Details
from moderation.reports.links import address_of
from moderation.reports.models import Report, RightsClaim
from moderation.subjects.lookup import Target


@transaction.atomic
def file_claim(
    target: Target, particulars: Particulars, *, request_id: uuid.UUID, address: str = "", actor: User
) -> Report:
    """Report `target` for the rights of a third party, with the particulars; confidential, in the lane for claims.

    A claim may be incomplete: then the claimant is told what is missing. `address` is the hash of the sender's. A form
    that is sent twice is one claim. Raises RateLimited, and Refused as receive_report does.
    """
    clause = _clause()
    require_below_limit(actor, request_id=request_id, clause=clause)
    report = receive_report(
        target,
        clause=clause,
        text=particulars.words,
        ground=Report.Ground.LAW,
        confidential=True,
        request_id=request_id,
        details=Details(address=address),
        actor=actor,
    )
    if not RightsClaim.objects.filter(report=report).exists():
        _ask_for_missing(save_claim(report, particulars, actor=actor))
    return report


@transaction.atomic
def complete_claim(report: Report, particulars: Particulars, *, actor: User) -> RightsClaim:
    """Replace the particulars of an open claim; what it said before stays readable, decisions on that are stale.

    Raises Forbidden for somebody else's, Refused (409) once it is decided or withdrawn.
    """
    change_own_report(report, text=particulars.words, links=report.links, passage=report.passage, actor=actor)
    claim = save_claim(report, particulars, actor=actor)
    case = lock_case(report.case_report.case)
    # As with every confidential report the id says enough, and no name.
    record(case, "claim.changed", actor=system_actor(), data={"report": report.public_id.hex})
    return claim


def _clause() -> Clause:
    clause = active_clauses().select_related("lane").filter(code=CLAUSE).first()
    if clause is None:
        raise Refused(_("This hub takes no claims of rights here."), code="not_found", status=404)
    return clause


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
