"""The queue, and a case with its history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, Max, OuterRef, Q, QuerySet, Value

from accounts.models import MODERATORS, Membership, User
from community.models import Comment, Discussion
from foundation.clock import Now
from foundation.compiled import Compiled
from moderation.cases.chain import SEALED, WORDS_DESTROYED
from moderation.cases.models import UNCLAIMED, UNPARKED, Case, CaseReport, Confirmation, Decision, Event
from moderation.cases.stakes import Stakes, stakes_of
from moderation.policy.models import Lane
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject
from moderation.subjects.queries import EVERYTHING
from repositories.models import Repository, long_columns

_UNSHOWN = [
    column
    for path in ("repository", "discussion__repository", "comment__discussion__repository")
    for column in long_columns(f"subject__{path}")
]

# Kinds of events that say who looked at what: they move nothing, and are no news (J6).
EVIDENCE_READ, EVIDENCE_OPENED = "evidence.read", "evidence.opened"
LOOKS = (EVIDENCE_READ, EVIDENCE_OPENED)
# Who took a case and gave it back: news to nobody either, the page shows who works on it.
CLAIMED, RELEASED = "case.claimed", "case.released"
# What is told apart from what happened to a case, or not at all.
BESIDE = (*LOOKS, CLAIMED, RELEASED, SEALED, WORDS_DESTROYED)
LINKS = ("case.linked", "case.unlinked")
QUIET = ("answers.read", *BESIDE)

# A history reaches back over this many reported things of a person.
MOST_SUBJECTS = 2_000


def cases() -> QuerySet[Case]:
    """Cases with everything that a row of a list shows, in one query."""
    shown = [f"subject__{path}" for path in EVERYTHING]
    rows = Case.objects.select_related("clause", "lane", "assignee", "subject", *shown)
    return rows.defer(*_UNSHOWN, "subject__comment__text")


def ready(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Open `rows` that wait for nobody but the team: not parked, or parked until a moment that has come."""
    return rows.alias(unparked=UNPARKED).filter(unparked__lte=Now(), state=Case.State.OPEN)


def queue() -> QuerySet[Case]:
    """Open cases in the order of the queue, with what a row shows, in one query."""
    return cases().filter(state=Case.State.OPEN).order_by("rank", "id")


def seen_by_id(public_id: UUID, person: User) -> Case | None:
    """The case of this id with what its page shows; None where there is none, and where open_to() shows it not.

    Two queries, one where the stakes came with the token.
    """
    found = _by_public_id.first(public_id)
    return None if found is None or stakes_of(person).bar(found) else found


@Compiled
def _by_public_id(public_id: UUID) -> QuerySet[Case]:
    return cases().filter(public_id=public_id)


def about(person: User) -> Q:
    """Cases about what `person` wrote, owns or is."""
    return Q(author=person)


def open_to(rows: QuerySet[Case], person: User, stakes: Stakes | None = None) -> QuerySet[Case]:
    """`rows` that `person` may see: of their lanes (C9), and nothing about themselves and their organizations (C1).

    Nor where they take part as somebody whom it concerns: a party learns nothing of the others (D1). One query at once,
    none where `stakes` are known; no list that is narrowed by it reads another table.
    """
    own = stakes or stakes_of(person)
    rows = rows.exclude(author=own.person)
    if own.organizations:
        rows = rows.exclude(organization__in=own.organizations)
    if own.cases:
        rows = rows.exclude(pk__in=own.cases)
    if own.closed_lanes:
        rows = rows.exclude(lane__in=own.closed_lanes)
        # What lies in them comes first in every list: an index without them passes it over.
        return rows if own.opened_lanes else rows.filter(reserved=False)
    return rows


def is_own(subject: Subject, person: User) -> bool:
    """Whether `person`, or an organization of `person`, wrote, owns or is `subject`, or owns where it lies."""
    if subject.author == person:
        return True
    home = subject.home
    if home is not None and home.namespace.user_id == person.pk:
        return True
    owner = home.namespace.organization_id if home is not None else subject.organization_id
    return owner is not None and Membership.objects.filter(organization=owner, user=person).exists()


def closed_lanes(person: User) -> QuerySet[Lane, int]:
    """Ids of the lanes for a named role that `person` does not have (C9)."""
    lanes = Lane.objects.filter(group__isnull=False).exclude(group__in=person.groups.all())
    return lanes.values_list("pk", flat=True)


def decidable_by(rows: QuerySet[Case], person: User, stakes: Stakes | None = None) -> QuerySet[Case]:
    """`rows` open to `person`, without what they reported, decided or overturned: appeals (G2), what a second one
    confirms, and what is to be decided anew because they were wrong. Nor what lies in a repository of theirs, or of an
    organization of theirs.
    """
    return without_part_in(open_to(rows, person, stakes), person)


def without_part_in(rows: QuerySet[Case], person: User) -> QuerySet[Case]:
    """What decidable_by() leaves out of what is open to `person`: each of it reads other tables."""
    waiting = Confirmation.objects.filter(state=Confirmation.State.WAITING, first_decider=person)
    reported = CaseReport.objects.filter(case=OuterRef("pk"), report__reporter=person)
    rows = rows.filter(~Exists(reported)).exclude(pk__in=waiting.values("decision__case"))
    # Functions of our own ask about one case each: whoever takes the first of many asks about few.
    left = _asked("cases_left_to_others", F("pk"), F("not_by"), Value(person.pk))
    home = _asked("cases_lies_with", F("subject"), Value(person.pk))
    judged = _asked("cases_judged_by", F("subject"), Value(person.pk))
    return rows.exclude(left).exclude(home).exclude(Q(kind=Case.Kind.APPEAL) & Q(judged))


def _asked(function: str, *about: F | Value) -> Func:
    """What a function of ours in the database says about a row."""
    return Func(*about, function=function, output_field=BooleanField())


def claimed(rows: QuerySet[Case], actor: User | None = None) -> QuerySet[Case]:
    """Those under a claim that holds now; of `actor` only, when given."""
    held = rows.filter(lease_until__gt=Now(), assignee__isnull=False)
    return held.filter(assignee=actor) if actor else held


def unclaimed(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those that nobody holds now; what gives a case back clears assignee and lease together."""
    return rows.alias(unclaimed=UNCLAIMED).filter(unclaimed__lte=Now())


def answered(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Decided cases with answers in public that nobody read (G3)."""
    return rows.filter(state=Case.State.DECIDED, answered_at__isnull=False)


def latest_event() -> int:
    """The id of the newest event, 0 before the first."""
    return Event.objects.aggregate(latest=Max("pk"))["latest"] or 0


def team() -> QuerySet[User]:
    """Everybody who can be the assignee of a case."""
    return User.objects.filter(groups__name=MODERATORS, is_active=True).order_by("username")


def able_to_take(case: Case) -> QuerySet[User]:
    """Those of the team who have the role that the lane of `case` asks for, if it asks for one, and are not its author.

    A list to choose from: what else may keep somebody from it is asked when it is given to them.
    """
    people = team().exclude(pk=case.author_id) if case.author_id else team()
    group = case.lane.group_id if case.lane else None
    return people.filter(pk__in=User.objects.filter(groups=group)) if group else people


def history_of(subject: Subject) -> QuerySet[Case]:
    """Earlier cases about the same subject, newest first."""
    return Case.objects.filter(subject=subject).select_related("clause").order_by("-opened_at", "-id")


def cases_about(person: User) -> QuerySet[Case]:
    """Cases about what `person` wrote, owns or is, newest first; asks for the subjects at once, with one query.

    Two queries, because PostgreSQL would rather read every case by its date than begin with the few of a person.
    """
    subjects = Subject.objects.filter(pk__in=_subjects_of(person)).order_by("-pk").values_list("pk", flat=True)
    return cases().filter(subject__in=list(subjects[:MOST_SUBJECTS])).order_by("-opened_at", "-id")


def measures_told_to(viewer: User) -> Q:
    """Measures but those decided in a lane for a named role that `viewer` does not have: nobody else hears why (C9)."""
    closed = Case.objects.filter(lane__in=closed_lanes(viewer)).order_by()
    # What is asked of an owner comes before a decision.
    asked = Q(owner_request__isnull=False, subject__in=closed.values("subject"))
    return ~Q(decisions__case__in=closed) & ~asked


def conditions_told_to(viewer: User) -> Q:
    """The same of the conditions under which repositories stay."""
    closed = Case.objects.filter(lane__in=closed_lanes(viewer)).order_by()
    return ~Q(decision_id__in=Decision.objects.filter(case__in=closed).values("public_id"))


def measures_on(person: User | None, subject: Subject) -> QuerySet[Measure]:
    """Measures on the person or the subject, newest first."""
    concerns = Q(subject=subject)
    if person is not None:
        concerns |= Q(person=person)
    return Measure.objects.filter(concerns).select_related("clause", "actor", "lifted_by").order_by("-starts_at", "-id")


def events_of(case: Case) -> QuerySet[Event]:
    """Oldest first, with the actor and the sealed words."""
    return Event.objects.filter(case=case).select_related("actor", "sealed__key").order_by("number")


def without_unseen_links(events: Sequence[Event], viewer: User) -> Sequence[Event]:
    """`events`, whose data names no linked case that `viewer` may not see (C1, C9); two queries where any is linked."""
    linked = [event for event in events if event.kind in LINKS]
    if linked:
        named = [UUID(hex=event.data["case"]) for event in linked]
        rows = open_to(Case.objects.filter(public_id__in=named), viewer)
        seen = {one.hex for one in rows.values_list("public_id", flat=True)}
        for event in linked:
            if event.data["case"] not in seen:
                event.data = {name: value for name, value in event.data.items() if name != "case"}
    return events


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
