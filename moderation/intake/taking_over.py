"""Somebody who reported without an account, and now has one with the same confirmed address (C1, C7).

Their reports become their own: they find them among theirs, and the links of the mails lead there.
"""

from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import system_actor
from foundation.models import Change
from foundation.work import work_off
from moderation.appeals.models import Appeal, AppealLimit
from moderation.cases.events import record
from moderation.cases.models import Case, CaseReport
from moderation.cases.seals import digests
from moderation.reports.actions.limits import hold_marks
from moderation.reports.actions.records import tell_judged
from moderation.reports.models import Report, ReporterRecord, ReportingLimit

CONFIRMED = "address.confirmed"
TAKEN_OVER, APPEAL_TAKEN_OVER = "report.taken_over", "appeal.taken_over"
_MERGE = """
    INSERT INTO reports_reporterrecord AS known (reporter_id, clause_id, upheld, decided, bad_faith)
    SELECT %(person)s, clause_id, upheld, decided, bad_faith FROM reports_reporterrecord WHERE reporter_id = %(guest)s
    ORDER BY clause_id
    ON CONFLICT (reporter_id, clause_id) DO UPDATE SET upheld = known.upheld + excluded.upheld,
        decided = known.decided + excluded.decided, bad_faith = known.bad_faith + excluded.bad_faith
"""


def take_over_all() -> int:
    """Work off every address that was confirmed since; returns how many."""
    return work_off(Change.objects.filter(kind=CONFIRMED), _take_over)


def _take_over(change: Change) -> None:
    person = User.objects.get(pk=change.object_id)
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    emails = [email.lower() for email in addresses]
    for guest in User.objects.filter(is_guest=True, guest__email__in=emails, guest__confirmed=True).order_by("pk"):
        take_over(guest, person)


@transaction.atomic
def take_over(guest: User, person: User) -> int:
    """Make the reports of `guest`, an address that its holder confirmed, those of `person`; returns how many.

    With what was counted of them, limits, and appeals. An open report of what `person` reported too stays the guest's,
    since nobody reports the same twice; so does an appeal against what `person` contested. Doing it again does nothing.
    """
    # Both, in the order of their keys, as whoever files locks the own row.
    list(User.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[guest.pk, person.pk]).order_by("pk"))
    same = Report.objects.filter(
        reporter=person, state=Report.State.OPEN, subject=OuterRef("subject"), clause=OuterRef("clause")
    )
    theirs = Report.objects.filter(reporter=guest).filter(~Q(state=Report.State.OPEN) | ~Exists(same))
    # Cases before reports, as whoever decides locks them.
    linked = CaseReport.objects.filter(report__in=theirs).values("case")
    contested = Appeal.objects.filter(appellant=person, decision=OuterRef("decision"))
    appeals = Appeal.objects.filter(~Exists(contested), appellant=guest)
    concerned = Case.objects.filter(Q(pk__in=linked) | Q(pk__in=appeals.values("case")))
    cases = {row.pk: row for row in concerned.select_for_update().order_by("pk")}
    about = ("subject", "snapshot", "case_report")
    found = list(theirs.select_for_update(of=("self",)).select_related(*about).order_by("pk"))
    if not found:
        return 0
    Report.objects.filter(pk__in=[one.pk for one in found]).update(reporter=person)
    for one in found:
        before = digests([one])
        one.reporter = person
        if (link := getattr(one, "case_report", None)) and link.case_id in cases:
            # Whose it is now is said in no event: who reports in confidence is named in none (C1).
            data = {"report": one.public_id.hex, "found": before}
            record(cases[link.case_id], TAKEN_OVER, actor=system_actor(), data=data, moves=False, seals=[one])
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, {"person": person.pk, "guest": guest.pk})
    ReporterRecord.objects.filter(reporter=guest).delete()
    hold_marks([guest.pk, person.pk])
    ReportingLimit.objects.filter(person=guest).update(person=person)
    AppealLimit.objects.filter(person=guest).update(person=person)
    _take_over_appeals(appeals, cases, person)
    tell_judged(found, actor=person)
    _say(person, guest, len(found))
    return len(found)


def _take_over_appeals(appeals: QuerySet[Appeal], cases: Mapping[int, Case], person: User) -> None:
    for appeal in appeals.filter(case__in=cases).select_for_update(of=("self",)).order_by("pk"):
        before = digests([appeal])
        appeal.appellant = person
        appeal.save(update_fields=["appellant"])
        data = {"appeal": appeal.public_id.hex, "found": before}
        record(cases[appeal.case_id], APPEAL_TAKEN_OVER, actor=system_actor(), data=data, moves=False, seals=[appeal])


def _say(person: User, guest: User, count: int) -> None:
    with translation.override(person.language):
        write_to(
            person,
            key=f"taken-over:{guest.pk}:{count}",
            subject=_("Your earlier reports are in your account now"),
            body=_("You reported to us with this address before you had an account. You find these reports among "
                   "yours now, and hear from us here. The links in our mails lead there once you are signed in."),
            link="/reports",
            link_label=_("Your reports"),
            actor=system_actor(),
        )  # fmt: skip
