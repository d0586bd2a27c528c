"""Holding what a report brings into a lane that wants it: at once, on anyone's word, until a human looked (C6, C9)."""

import logging

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.queries import system_actor
from foundation.errors import Refused
from moderation.cases.actions.decide import decide
from moderation.cases.actions.orders import MeasureOrder
from moderation.cases.events import seal
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.sanctions.actions import wait_for_look
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.models import Snapshot, Subject
from repositories import git
from repositories.holding import CARD

logger = logging.getLogger(__name__)
# It says what it must and no more: who is told did nothing wrong as far as anybody knows.
WORDS = gettext_noop(
    "Somebody asked us to look at this, and we take such reports seriously, whoever sends them. We hide it until one "
    "of us has looked. Nothing is decided, and nobody is accused."
)


def hold_at_once(case: Case, snapshot: Snapshot, clause: Clause, report: Report | None = None) -> Measure | None:
    """Hold what `case`, whose row the caller holds locked, is about; None where nothing is to be held.

    Once per content: what a human looked at and showed again is not held by another report of the same content. A hold
    never closes a repository: only its card is hidden. It has no end of its own, because a human decides in time.
    `report` is the one that asks for it now.
    """
    subject = snapshot.subject
    if not KINDS[Measure.Kind.HOLD].applies_to(subject):
        return None
    standing = Measure.objects.standing().filter(subject=subject, kind=Measure.Kind.HOLD).first()
    if standing is not None:
        if standing.interim and standing.ends_at is not None:
            standing = wait_for_look(standing)
            seal(case, standing)
        return standing
    if _was_held(subject, snapshot, report):
        return None
    try:
        with transaction.atomic():  # a report is taken whatever becomes of the hold
            decision = decide(
                case,
                actor=system_actor(),
                version=case.version,
                outcome=Decision.Outcome.VIOLATION,
                clause=clause,
                measures=[MeasureOrder(Measure.Kind.HOLD, until_looked=True)],
                explanation=WORDS,
                interim=True,
            )
    except Refused as refusal:
        logger.warning("The case %s could not be held (%s).", case.public_id, refusal.code)
        return None
    return decision.measures.first()


def _was_held(subject: Subject, snapshot: Snapshot, report: Report | None) -> bool:
    """Whether the same content was held before: then a human has looked at it since."""
    held = list(Measure.objects.filter(subject=subject, kind=Measure.Kind.HOLD).values_list("starts_at", flat=True))
    if not held:
        return False
    before = Report.objects.filter(subject=subject, created_at__lte=max(held))
    if report is not None:
        before = before.exclude(pk=report.pk)
    seen = Snapshot.objects.filter(reports__in=before, part=snapshot.part).distinct()
    return any(one.pk == snapshot.pk or _same_card(subject, one, snapshot) for one in seen)


def _same_card(subject: Subject, one: Snapshot, other: Snapshot) -> bool:
    """Whether the card is the same at two revisions of a repository: another file changed, or nothing."""
    repository = subject.repository
    if repository is None:
        return False
    files = [git.find_file(repository, CARD, snapshot.revision) for snapshot in (one, other)]
    oids = {file.oid if file else "" for file in files}
    return len(oids) == 1
