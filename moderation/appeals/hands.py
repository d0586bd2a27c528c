"""Whose it is now: a measure stays on what changes hands, and so does reading why, and contesting it (G1, G2)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, OrganizationRole, User
from moderation.appeals.models import Appeal
from moderation.cases.models import Confirmation, Decision
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.models import Subject
from repositories.access import managed_by

_LINKS = StatementOfReasons.measures.through


def holding_for(person: User) -> QuerySet[Measure]:
    """Measures that hold now and affect `person`: sanctions, and restrictions of what they answer for, or manage now.

    A warning holds nothing: it was said. Each part walks an index of its own.
    """
    told = _LINKS.objects.filter(statementofreasons__recipient=person).values("measure")
    about = Measure.objects.filter(person=person).values("pk")
    found = told.union(about, on_own(person).values("pk"), _waiting(person).values("pk"), all=True)
    enforced = [kind.code for kind in KINDS.values() if kind.enforced]
    return Measure.objects.standing().filter(kind__in=enforced, pk__in=found)


def on_own(person: User) -> QuerySet[Measure]:
    """Measures that hold on a repository or an organization that `person` manages now; none on a person (F1)."""
    spaces = managed_by(person)
    repositories = Subject.objects.filter(repository__namespace__in=spaces, repository__deleted_at=None)
    organizations = Subject.objects.filter(organization__namespace__in=spaces)
    subjects = repositories.values("pk").union(organizations.values("pk"), all=True)
    return Measure.objects.standing().filter(subject__in=subjects, person=None)


def _waiting(person: User) -> QuerySet[Measure]:
    """Of decisions that wait for a second moderator, what holds on words of `person`: nobody got a statement yet."""
    decisions = Confirmation.objects.filter(state=Confirmation.State.WAITING)
    held = decisions.exclude(hold=None).values("hold")
    taken = Decision.measures.through.objects.filter(decision__in=decisions.values("decision")).values("measure")
    own = Q(subject__comment__author=person) | Q(subject__discussion__author=person)
    return Measure.objects.filter(own, pk__in=taken.union(held, all=True))


def taken_over(person: User) -> QuerySet[StatementOfReasons]:
    """Statements to others about what `person` manages now, while a measure in them holds on that.

    Not one in which a sanction on somebody else stands: that is private (F1).
    """
    about = _LINKS.objects.filter(measure__in=on_own(person).values("pk")).values("statementofreasons")
    private = _LINKS.objects.filter(statementofreasons=OuterRef("pk"), measure__person__isnull=False)
    rows = StatementOfReasons.objects.filter(pk__in=about).exclude(recipient=person)
    return rows.filter(~Exists(private.exclude(measure__person=person)))


def organization_for(decision: Decision, person: User) -> int | None:
    """The id of the organization for which `person`, whom `decision` affects, contests it; None: for themselves.

    Who was told of it as its admin speaks for it, whatever their role is now; who manages the thing since, for whom it
    belongs to now. At most three queries.
    """
    if decision.measures.filter(person=person).exists():
        return None
    if StatementOfReasons.objects.filter(decision_id=decision.public_id, recipient=person).exists():
        return decision.case.organization_id
    repository = decision.case.subject.repository
    return repository.namespace.organization_id if repository else decision.case.subject.organization_id


def is_admin(person: User, organization: int) -> bool:
    """Whether `person` is an admin of the organization with this id."""
    admins = Membership.objects.filter(organization=organization, role=OrganizationRole.ADMIN)
    return admins.filter(user=person).exists()


def left_to_admins(decision: Decision, person: User) -> bool:
    """Whether only others contest `decision`, of which `person` was told as an admin: they are none any more."""
    if decision.case.organization_id is None:
        return False
    organization = organization_for(decision, person)
    return organization is not None and not is_admin(person, organization)


def contested_before(decision: Decision, person: User, organization: int | None) -> bool:
    """Whether `person`, or the organization with this id for which they speak, contested `decision`."""
    own = Q(appellant=person, organization=None)
    if organization is not None:
        own |= Q(organization=organization)
    return Appeal.objects.filter(own, decision=decision).exists()
