"""Who and what belongs to a case besides its subject: parties with their people, linked cases (D1, D4)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, OrganizationRole, User
from accounts.queries import admins_of, people_told_about
from foundation.errors import Refused
from moderation.cases.clocks import Clock, State
from moderation.cases.conversations import Thread, threads_of
from moderation.cases.models import Case, CaseLink, Party
from moderation.cases.queries import cases, open_to
from moderation.sanctions.models import StandingCondition
from moderation.subjects.models import Subject
from moderation.subjects.queries import EVERYTHING
from repositories.models import OwnerRequest

# A page of cases shows so many linked ones.
MOST_LINKED = 50


def clock_of(party: Party) -> Clock:
    """The time that `party` has to answer; no query."""
    return Clock(party.asked_at, party.answer_until, party.paused_at, party.left)


def was_heard(party: Party, now: datetime) -> bool:
    """Whether `party` was heard at `now`: it wrote to us, or had 72 hours, however short one request was (D2)."""
    return clock_of(party).heard(now, settings.ANSWER_WITHIN, party.answered_at)


def owner_side(subject: Subject) -> list[User]:
    """Who answers for `subject` and can be asked: its author, or the admins of its organization.

    Empty where nobody is left: the account was closed, or it belongs to the system.
    """
    if (author := subject.author) is not None:
        people = [author]
    else:
        people = people_told_about(subject.home.namespace if subject.home else subject.target.namespace)
    return _askable(people)


def people_of(party: Party) -> list[User]:
    """Who reads and answers in the thread of `party`, whoever owns what it is about by now."""
    if party.user is not None:
        return [party.user]
    return _askable(admins_of(party.organization_id)) if party.organization_id else []


def owner_of(case: Case) -> Party | None:
    """The part that the owner of what `case` is about takes at this moment; None before they are asked.

    An earlier owner's part and thread do not count for whoever has the thing now (D2).
    """
    person, organization = case.subject.holder_ids()
    held = Party.objects.filter(case=case, role=Party.Role.OWNER, left_at=None)
    return held.filter(user=person, organization=organization).first()


def parties_of(case: Case) -> list[tuple[Party, Thread]]:
    """The parties of `case`, its owner first, then in the order in which they joined, each with its newest messages.

    At most two queries.
    """
    parties = list(Party.objects.filter(case=case).select_related("user__guest", "organization").order_by("pk"))
    threads = threads_of(parties)
    parties.sort(key=lambda party: party.role != Party.Role.OWNER or party.left_at is not None)
    return [(party, threads[party.pk]) for party in parties]


def matters_of(person: User) -> tuple[QuerySet[Party], QuerySet[Party]]:
    """Parties that `person` is, and those of organizations whose admin `person` is: querysets with no row in common."""
    shown = [f"case__subject__{path}" for path in EVERYTHING]
    rows = Party.objects.select_related("case__clause", *shown).order_by("-joined_at", "-id")
    admin = Membership.objects.filter(user=person, role=OrganizationRole.ADMIN).values("organization")
    return rows.filter(user=person), rows.filter(organization__in=admin)


def find_matter(person: User, public_id: UUID) -> Party:
    """A party that `person` is or answers for. Raises the same Refused (404) for every other address."""
    for rows in matters_of(person):
        if (party := rows.filter(public_id=public_id).first()) is not None:
            return party
    raise Refused(_("There is no matter of yours at this address."), code="not_found", status=404)


def linked_to(case: Case, viewer: User) -> list[tuple[CaseLink, Case]]:
    """The cases that are linked to `case` and that `viewer` may see, newest link first; two queries."""
    rows = CaseLink.objects.filter(Q(first=case) | Q(second=case)).order_by("-pk")[:MOST_LINKED]
    links = {link.first_id if link.second_id == case.pk else link.second_id: link for link in rows}
    if not links:
        return []
    others = {one.pk: one for one in open_to(cases(), viewer).filter(pk__in=links)}
    return [(link, others[pk]) for pk, link in links.items() if pk in others]


def came_back(rows: Sequence[Case], now: datetime) -> dict[int, str]:
    """Why open cases lie in the queue again, by their id: "broken" where an owner broke a condition, "done" where the
    owner did all that was asked, "answered", or "silent" when somebody let the time pass.

    What waits for us first; only cases where one of these is so. One query, two with repositories among them.
    """
    why: dict[int, str] = {}
    requests = OwnerRequest.objects.filter(repository=OuterRef("case__subject__repository"), ended_at=None)
    done = Exists(requests.filter(met_at__isnull=False)) & ~Exists(requests.filter(met_at=None))
    asked = Party.objects.filter(case__in=rows, left_at=None, asked_at__isnull=False).annotate(done=done)
    for party in asked.order_by("pk"):
        state = clock_of(party).state(now)
        if state == State.STANDS:
            why[party.case_id] = "done" if party.done else "answered"
        elif state == State.OVER:
            why.setdefault(party.case_id, "silent")
    about = {one.subject_id: one.pk for one in rows if one.subject_kind == "repository"}
    if about:
        broken = StandingCondition.objects.filter(subject__in=about, withdrawn_at=None, kept_since=None)
        keys = broken.filter(broken_at__isnull=False).values_list("subject", flat=True)
        why |= {about[key]: "broken" for key in keys}
    return why


def _askable(people: Sequence[User]) -> list[User]:
    return [one for one in people if one.is_active and not one.is_system]
