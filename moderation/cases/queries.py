"""The queue, and a case with its history."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import F, Max, Q, QuerySet

from accounts.models import MODERATORS, Organization, User
from community.models import Comment, Discussion
from foundation.clock import Now
from moderation.cases.models import Case, Event
from moderation.sanctions.models import Measure
from moderation.scoring.models import Score
from moderation.subjects.models import Subject
from moderation.subjects.queries import EVERYTHING
from repositories.models import Repository

# Long columns that no row of a list shows.
_LONG = ("card", "search_text")
_UNSHOWN = [
    f"subject__{path}__{column}"
    for path in ("repository", "discussion__repository", "comment__discussion__repository")
    for column in _LONG
]

# A history reaches back over this many reported things of a person.
MOST_SUBJECTS = 2_000


def cases() -> QuerySet[Case]:
    """Cases with everything that a row of a list shows, in one query."""
    shown = [f"subject__{path}" for path in EVERYTHING]
    rows = Case.objects.select_related("clause", "assignee", "subject", *shown)
    return rows.defer(*_UNSHOWN, "subject__comment__text")


def queue() -> QuerySet[Case]:
    """Open cases in the order of the queue, with what a row shows, in one query."""
    return cases().filter(state=Case.State.OPEN).order_by("rank", "id")


def about(person: User) -> Q:
    """Cases about what `person` wrote, owns or is."""
    return Q(subject__in=_subjects_of(person))


def open_to(rows: QuerySet[Case], person: User) -> QuerySet[Case]:
    """`rows` that `person` may see: reports about members of the team and their organizations bypass them (C1)."""
    theirs = Organization.objects.filter(memberships__user=person)
    of_organizations = _union(
        Subject.objects.filter(repository__in=Repository.objects.filter(namespace__organization__in=theirs)),
        Subject.objects.filter(organization__in=theirs),
    )
    return rows.exclude(about(person)).exclude(subject__in=of_organizations)


def decidable_by(rows: QuerySet[Case], person: User) -> QuerySet[Case]:
    """`rows` open to `person`, without appeals against what `person` decided (G2)."""
    decided = Case.objects.filter(decisions__actor=person).order_by().values("subject")
    return open_to(rows, person).exclude(kind=Case.Kind.APPEAL, subject__in=decided)


def claimed(rows: QuerySet[Case], actor: User | None = None) -> QuerySet[Case]:
    """Those under a claim that holds now; of `actor` only, when given."""
    held = rows.filter(lease_until__gt=Now(), assignee__isnull=False)
    return held.filter(assignee=actor) if actor else held


def unclaimed(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.filter(Q(assignee=None) | Q(lease_until__lte=Now()))


def answered(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Decided cases with answers in public that nobody read (G3)."""
    return rows.filter(state=Case.State.DECIDED, answered_at__isnull=False)


def count_answered(actor: User) -> int:
    """How many cases of that lane `actor` may see; counts to a hundred."""
    return open_to(answered(Case.objects.all()), actor)[:100].count()


def best_scores(rows: Iterable[Case]) -> dict[int, Score]:
    """The highest score of what was reported, by the id of the case; one query."""
    path = "snapshot__reports__case_report__case"
    scores = Score.objects.filter(**{f"{path}__in": list(rows)}).annotate(of_case=F(path))
    return {one.of_case: one for one in scores.order_by(path, "-value", "pk").distinct(path)}


def in_lane(lane: str, actor: User) -> QuerySet[Case]:
    """The cases of one lane (open, mine, unclaimed, decided, answered) that `actor` may see.

    Decided ones come newest first, answers by how long they wait for a reader.
    """
    if lane == "answered":
        return open_to(answered(cases()), actor).order_by("answered_at", "id")
    if lane == "decided":
        return open_to(cases().filter(state=Case.State.DECIDED), actor).order_by("-decided_at", "-id")
    rows = open_to(queue(), actor)
    if lane == "mine":
        return claimed(rows, actor)
    return unclaimed(rows) if lane == "unclaimed" else rows


def latest_event() -> int:
    """The id of the newest event, 0 before the first."""
    return Event.objects.aggregate(latest=Max("pk"))["latest"] or 0


def changed_since(event_id: int, lane: str, actor: User) -> QuerySet[Case]:
    """Cases to which something happened after that event, by others than `actor`, as far as a lane is concerned."""
    events = Event.objects.filter(pk__gt=event_id).exclude(actor=actor).exclude(kind="answers.read")
    changed = events.order_by().values("case")
    rows = open_to(Case.objects.filter(pk__in=changed), actor)
    if lane == "mine":
        return rows.filter(assignee=actor)
    if lane == "answered":
        return answered(rows)
    return rows.filter(state=Case.State.DECIDED) if lane == "decided" else rows


def languages() -> list[str]:
    """Codes of the languages of open cases; asked at most once a minute, because it looks at every open case."""
    rows = Case.objects.filter(state=Case.State.OPEN).exclude(language="").order_by("language")
    found = cache.get_or_set(
        "cases.languages", lambda: list(rows.values_list("language", flat=True).distinct()), timeout=60
    )
    return found or []


def team() -> QuerySet[User]:
    """Everybody who can be the assignee of a case."""
    return User.objects.filter(groups__name=MODERATORS, is_active=True).order_by("username")


def history_of(subject: Subject) -> QuerySet[Case]:
    """Earlier cases about the same subject, newest first."""
    return Case.objects.filter(subject=subject).select_related("clause").order_by("-opened_at", "-id")


def cases_about(person: User) -> QuerySet[Case]:
    """Cases about what `person` wrote, owns or is, newest first; asks for the subjects at once, with one query.

    Two queries, because PostgreSQL would rather read every case by its date than begin with the few of a person.
    """
    subjects = Subject.objects.filter(pk__in=_subjects_of(person)).order_by("-pk").values_list("pk", flat=True)
    return cases().filter(subject__in=list(subjects[:MOST_SUBJECTS])).order_by("-opened_at", "-id")


def measures_on(person: User | None, subject: Subject) -> QuerySet[Measure]:
    """Measures on the person or the subject, newest first."""
    concerns = Q(subject=subject)
    if person is not None:
        concerns |= Q(person=person)
    return Measure.objects.filter(concerns).select_related("clause", "actor", "lifted_by").order_by("-starts_at", "-id")


def events_of(case: Case) -> QuerySet[Event]:
    """Oldest first, with the actor and the sealed words."""
    return Event.objects.filter(case=case).select_related("actor", "sealed__key").order_by("number")


def _subjects_of(person: User) -> QuerySet[Subject, Any]:
    """Ids of what `person` wrote, owns or is, as far as it was ever reported; every part walks an index."""
    return _union(
        Subject.objects.filter(comment__in=Comment.objects.filter(author=person)),
        Subject.objects.filter(discussion__in=Discussion.objects.filter(author=person)),
        Subject.objects.filter(repository__in=Repository.objects.filter(namespace__user=person)),
        Subject.objects.filter(user=person),
    )


def _union(*parts: QuerySet[Subject]) -> QuerySet[Subject, Any]:
    first, *others = (rows.order_by().values("pk") for rows in parts)
    return first.union(*others, all=True)
