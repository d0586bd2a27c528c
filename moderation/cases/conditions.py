"""What an owner changed: requests tick themselves off, measures that waited end, broken conditions are told (E1, E5).

Work from change rows. Everything is asked of the repository as it is now, under the locks of the cases concerned: of
several changes the last one finds nothing more to do.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from accounts.queries import system_actor
from foundation import clock
from foundation.models import Change
from foundation.work import work_off
from moderation.cases.actions.asking import come_back_done
from moderation.cases.actions.lift import lift_measure
from moderation.cases.actions.reopen import AnotherIsOpen, reopen
from moderation.cases.actions.standing import note_broken
from moderation.cases.events import record
from moderation.cases.models import Case, Decision
from moderation.sanctions.actions import note_kept, standing_conditions, standing_requests, tick
from moderation.sanctions.models import Measure, StandingCondition
from moderation.subjects.models import Subject
from repositories.asked import Chosen, chosen_in, is_kept, is_met
from repositories.models import Repository

# Our fixed words, translated where they are shown.
DONE = gettext_noop("The owner did what this measure waited for.")
BROKEN = gettext_noop("A condition under which the repository stays is kept no longer.")


def check_conditions() -> int:
    """Work off every change of a repository by its owner; returns how many."""
    return work_off(Change.objects.filter(kind="repository.changed"), _look)


def _look(change: Change) -> None:
    subject = Subject.objects.filter(repository=change.object_id).first()
    if subject is None or not _is_waited_for(subject):
        return
    cases = _lock_cases(subject)
    chosen = chosen_in(Repository.objects.get(pk=change.object_id))
    _tick_off(subject, cases, chosen)
    _end_what_waited(subject, chosen)
    _find_broken(subject, cases, chosen)


def _is_waited_for(subject: Subject) -> bool:
    conditions = standing_conditions(subject.pk)
    return _waiting(subject).exists() or standing_requests(subject.pk).exists() or conditions.exists()


def _waiting(subject: Subject) -> QuerySet[Measure]:
    """Standing measures that end once their owner did something."""
    rows = Measure.objects.standing().filter(subject=subject, owner_request=None).exclude(until_done="")
    return rows.order_by("pk")


def _lock_cases(subject: Subject) -> list[Case]:
    """Every case that may change, by ascending id: the open one, and those that decided what waits."""
    of_measures = Q(decisions__measures__in=_waiting(subject).values("pk"))
    of_conditions = Q(decisions__public_id__in=standing_conditions(subject.pk).values("decision_id"))
    open_one = Q(subject=subject, kind=Case.Kind.REVIEW, state=Case.State.OPEN)
    keys = Case.objects.filter(open_one | of_measures | of_conditions).values("pk")
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _open_one(cases: list[Case], subject: Subject) -> Case | None:
    about = [one for one in cases if one.subject_id == subject.pk and one.kind == Case.Kind.REVIEW]
    return next((one for one in about if one.state == Case.State.OPEN), None)


def _tick_off(subject: Subject, cases: list[Case], chosen: Chosen) -> None:
    """What was asked for is done, or done no longer: said where it was asked, and to whoever works on the case."""
    row = _open_one(cases, subject)
    if row is None:
        return
    for measure in standing_requests(subject.pk):
        met = is_met(measure.until_done, chosen)
        if tick(measure, met=met):
            data = {"measure": measure.public_id.hex, "kind": measure.kind, "condition": measure.until_done}
            record(row, "request.met" if met else "request.unmet", actor=system_actor(), data=data)
            come_back_done(row)


def _end_what_waited(subject: Subject, chosen: Chosen) -> None:
    for measure in _waiting(subject):
        if is_met(measure.until_done, chosen):
            lift_measure(measure, reason=DONE, actor=system_actor())


def _find_broken(subject: Subject, cases: list[Case], chosen: Chosen) -> None:
    """Of decisions whose cases we hold: one that was set since then tells a change of its own."""
    now = clock.now()
    held = Decision.objects.filter(case__in=cases).values("public_id")
    conditions = standing_conditions(subject.pk).filter(decision_id__in=held)
    for condition in conditions.select_for_update(of=("self",)):
        if note_kept(condition, kept=is_kept(condition.condition, chosen), at=now):
            _take_up(condition, subject, cases)


def _take_up(condition: StandingCondition, subject: Subject, cases: list[Case]) -> None:
    """The case that set it is open again, unless one about the same is; there it is told."""
    row = _open_one(cases, subject)
    if row is None:
        row = next(one for one in cases if one.decisions.filter(public_id=condition.decision_id).exists())
        try:
            reopen(row, reason=BROKEN, actor=system_actor())
        except AnotherIsOpen as refusal:  # reported again at this moment
            row = Case.objects.select_for_update(of=("self",)).get(pk=refusal.case.pk)
    row.refresh_from_db()
    note_broken(row, condition)
