"""What we know of the author and of the repository."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.models import User
from moderation.cases.lifting import why_not_lift
from moderation.cases.models import Case, Decision
from moderation.cases.queries import cases_about, history_of, measures_on, measures_told_to, open_to
from moderation.cases.stakes import Stakes, stakes_of
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject
from repositories.models import Repository, Restriction

MOST = 8


@dataclass(frozen=True)
class MeasureLine:
    """A measure; `stands` says whether it holds now, `here` whether it is about this subject.

    `refused` says why somebody else has to lift it.
    """

    measure: Measure
    stands: bool
    here: bool
    refused: str = ""


@dataclass(frozen=True)
class Background:
    """The person who answers for the subject, its repository, and what happened around both before."""

    author: User | None
    home: Repository | None
    restrictions: list[Restriction]
    measures: list[MeasureLine]
    earlier: list[Case]
    of_author: list[Case]


def background_of(case: Case, now: datetime, viewer: User, stakes: Stakes | None = None) -> Background:
    """What happened before around the subject of `case`, as far as `viewer` may know (C9); at most ten queries.

    `stakes` are those of `viewer`, where they are known: then it is one less.
    """
    subject, author, home = case.subject, case.subject.author, case.subject.home
    own = stakes or stakes_of(viewer)
    about_author = open_to(cases_about(author), viewer, own) if author else Case.objects.none()
    measures = measures_on(author, subject).filter(measures_told_to(viewer))
    return Background(
        author=author,
        home=home,
        restrictions=list(Restriction.objects.active().filter(repository=home)) if home else [],
        measures=_elsewhere([line(measure, now, subject) for measure in measures[:MOST]], viewer, own),
        earlier=list(open_to(history_of(subject), viewer, own).exclude(pk=case.pk)[:MOST]),
        of_author=list(about_author.exclude(subject=subject)[:MOST]),
    )


def _elsewhere(lines: list[MeasureLine], viewer: User, stakes: Stakes) -> list[MeasureLine]:
    """`lines`, where of what holds for something else is said why `viewer` does not lift it; no query without any."""
    refused = why_not_lift([one.measure for one in lines if one.stands and not one.here], viewer, stakes)
    return [replace(one, refused=refused.get(one.measure.pk, "")) for one in lines]


def lines_for(measures: Iterable[Measure], viewer: User, now: datetime) -> list[MeasureLine]:
    """`measures` as they stand at `now`, and why `viewer` does not lift them; four queries, none where none holds."""
    lines = [line(one, now) for one in measures]
    return _elsewhere(lines, viewer, stakes_of(viewer)) if any(one.stands for one in lines) else lines


def decision_of(case: Case) -> Decision | None:
    """The person's decision that counts, with what the page says of it; one query."""
    rows = Decision.objects.final().filter(case=case)
    return rows.select_related("actor", "clause", "event", "confirmation__actor").order_by("-pk").first()


def line(measure: Measure, now: datetime, subject: Subject | None = None) -> MeasureLine:
    """`measure` as it stands at `now`; no query."""
    ended = measure.ends_at is not None and measure.ends_at <= now
    here = subject is not None and measure.subject_id == subject.pk
    return MeasureLine(measure, stands=measure.lifted_at is None and not ended, here=here)
