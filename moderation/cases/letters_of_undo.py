"""What everybody who was told of a decision hears when we take it back (G1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from foundation.markdown import literal
from moderation.cases.matter_links import link_for
from moderation.cases.matters import what_for
from moderation.cases.models import Case, Decision
from moderation.cases.related import people_of
from moderation.reports.links import address_of
from moderation.reports.models import Report
from moderation.sanctions.actions.statements import address_of as address_of_statement
from moderation.sanctions.actions.statements import what_for_affected
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.queries import EVERYTHING


@dataclass(frozen=True)
class Told:
    """What the decision was about for one person, and where that person reads more."""

    what: str
    link: str
    label: str


def tell_everybody(
    row: Case, decision: Decision, measures: Sequence[Measure], reports: Sequence[Report], reason: str, *, actor: User
) -> None:
    """Those affected read what is lifted and why; reporters and parties that we look again, and nothing else.

    Each person hears it once, first as the one who is affected.
    """
    told = _tell_affected(decision, measures, reason, actor)
    for report in reports:
        if not report.by_machine and report.reporter_id not in told:
            told.add(report.reporter_id)
            with translation.override(report.reporter.language):
                about = Told(_("what you reported"), address_of(report), _("Your report"))
                _tell(report.reporter, decision, about, actor)
    for party in row.parties.filter(left_at=None).select_related("user", "case__subject").order_by("pk"):
        for person in people_of(party):
            if person.pk not in told:
                told.add(person.pk)
                with translation.override(person.language):
                    about = Told(literal(what_for(party)), link_for(party, person), _("Read and answer"))
                    _tell(person, decision, about, actor)


def _tell_affected(decision: Decision, measures: Sequence[Measure], reason: str, actor: User) -> set[int]:
    about = [f"subject__{path}" for path in EVERYTHING]
    rows = StatementOfReasons.objects.filter(decision_id=decision.public_id)
    statements = rows.select_related("recipient", *about)
    for statement in statements.order_by("pk"):
        person = statement.recipient
        with translation.override(person.language):
            lifted = "\n".join(f"- {one.get_kind_display()}" for one in measures)
            parts = [
                _("We took back what we decided on %(date)s about %(what)s. You need not contest it.")
                % {"date": _day(decision), "what": literal(what_for_affected(statement.subject))},
                _("This holds no more, and what was before holds again:") + f"\n\n{lifted}" if lifted else "",
                "> " + reason.replace("\n", "\n> "),
                _("We look at it again. If we decide anything, we write to you."),
            ]
            write_to(
                person,
                key=f"undone:{decision.public_id}",
                subject=_("We took a decision back"),
                body="\n\n".join(part for part in parts if part),
                link=address_of_statement(statement),
                link_label=_("Our decision"),
                signed_path=address_of_statement(statement),
                actor=actor,
            )
    return {statement.recipient_id for statement in statements}


def _tell(person: User, decision: Decision, about: Told, actor: User) -> None:
    """In the active language, which is the person's."""
    words = _("We took back what we decided on %(date)s about %(what)s, and look at it again. You will hear from us.")
    write_to(
        person,
        key=f"undone:{decision.public_id}",
        subject=_("We look again"),
        body=words % {"date": _day(decision), "what": about.what},
        link=about.link,
        link_label=about.label,
        actor=actor,
    )


def _day(decision: Decision) -> str:
    return decision.decided_at.strftime("%Y-%m-%d")
