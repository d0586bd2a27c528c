"""What a moderator may choose, and what each choice means for whom."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import User
from moderation.cases.models import Case
from moderation.policy.models import GuardedMeasure
from moderation.sanctions.actions.statements import affected_by
from moderation.sanctions.measures import MeasureKind, kinds_for
from moderation.sanctions.models import Measure

_LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Reader:
    """Somebody who is told, and in which language what we add to the moderator's words comes."""

    person: User
    language: str


@dataclass(frozen=True)
class Option:
    """A measure that fits the subject, with its consequence in the words they will read, and who will read them.

    `guarded` says whether the policy may want a second moderator for it, depending on the clause.
    `stands` is the interim measure of this kind that a rule took; choosing the option confirms it (I1).
    """

    kind: MeasureKind
    consequence: str
    told: list[Reader]
    stands: Measure | None
    guarded: bool


def options_for(case: Case, viewer: User, now: datetime) -> list[Option]:
    """The measures that fit the subject of `case` and that `viewer` may take, mildest first, as if taken at `now`.

    Nothing that sanctions a person at risk (C10). Three queries and one per kind at most.
    """
    subject = case.subject
    interim = {one.kind: one for one in Measure.objects.standing().filter(subject=subject, interim=True)}
    guarded = set(GuardedMeasure.objects.values_list("kind", flat=True))
    options = []
    for kind in [one for one in kinds_for(subject) if viewer.has_perm(one.permission)]:
        if case.at_risk and kind.person(subject):
            continue
        ends_at = now + kind.lasts if kind.lasts else None
        measure = Measure(kind=kind.code, subject=subject, person=kind.person(subject), ends_at=ends_at)
        stands = interim.get(kind.code)
        told = [
            Reader(person, str(_LANGUAGES.get(person.language, person.language))) for person in affected_by([measure])
        ]
        options.append(Option(kind, str(kind.consequence(stands or measure)), told, stands, kind.code in guarded))
    return options
