"""What we know of the author and of the repository."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from moderation.cases.models import Case
from moderation.cases.queries import cases_about, history_of, measures_on
from moderation.sanctions.models import Measure
from moderation.subjects.lineage import Lineage, lineage_of
from moderation.subjects.models import Subject
from repositories.models import Repository, Restriction

MOST = 8


@dataclass(frozen=True)
class MeasureLine:
    """A measure; `stands` says whether it holds now, `here` whether it is about this subject."""

    measure: Measure
    stands: bool
    here: bool


@dataclass(frozen=True)
class Background:
    """The person who answers for the subject, its repository, and what happened around both before."""

    author: User | None
    home: Repository | None
    restrictions: list[Restriction]
    lineage: Lineage
    measures: list[MeasureLine]
    earlier: list[Case]
    of_author: list[Case]


def background_of(case: Case, now: datetime) -> Background:
    """What happened before around the subject of `case`; at most six queries."""
    subject, author, home = case.subject, case.subject.author, case.subject.home
    of_author = list(cases_about(author).exclude(subject=subject)[:MOST]) if author else []
    return Background(
        author=author,
        home=home,
        restrictions=list(Restriction.objects.active().filter(repository=home)) if home else [],
        lineage=lineage_of(home.card) if home else Lineage([], []),
        measures=[line(measure, now, subject) for measure in measures_on(author, subject)[:MOST]],
        earlier=list(history_of(subject).exclude(pk=case.pk)[:MOST]),
        of_author=of_author,
    )


def line(measure: Measure, now: datetime, subject: Subject | None = None) -> MeasureLine:
    """`measure` as it stands at `now`; no query."""
    ended = measure.ends_at is not None and measure.ends_at <= now
    here = subject is not None and measure.subject_id == subject.pk
    return MeasureLine(measure, stands=measure.lifted_at is None and not ended, here=here)
