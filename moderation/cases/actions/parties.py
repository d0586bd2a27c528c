"""Who takes part in a case besides the team: joining, leaving, agreeing to be named (D1, C6)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import guest_for
from accounts.models import Membership, OrganizationRole, User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases import due
from moderation.cases.actions.locking import lock_case, lock_to_work
from moderation.cases.actions.windows import wait_or_come_back
from moderation.cases.events import record, seal
from moderation.cases.letters import write_invitation
from moderation.cases.models import Case, Deadline, Party
from moderation.cases.permissions import require_no_stake, require_team
from moderation.cases.related import owner_of, owner_side, people_of


@transaction.atomic
def invite(case: Case, *, role: str, person: User, actor: User) -> Party:
    """Let `person` take part in a case in a thread of their own, and write to them (D1).

    Whoever is a party already stays what they are. Raises Forbidden, ClaimedByOther, or Refused for the owner, who is
    asked and not invited, and for whoever decides about cases.
    """
    row = lock_to_work(case, actor)
    if role == Party.Role.OWNER or role not in Party.Role.values or person in owner_side(row.subject):
        raise Refused(_("The owner takes part by being asked."), code="owner")
    if person.is_system or person == actor or not (person.is_active or person.is_guest):
        raise Refused(_("This person cannot take part in a case."), code="nobody")
    party = Party.objects.filter(case=row, user=person).first()
    if party is not None and party.left_at is None:
        return party
    if party is not None:
        # As if for the first time: what they agreed to, and their time, was of their earlier part.
        party.left_at, party.role, party.named = None, role, False
        party.asked_at = party.answer_until = party.paused_at = party.left = None
        party.save(update_fields=["left_at", "role", "named", "asked_at", "answer_until", "paused_at", "left"])
    else:
        party = Party.objects.create(case=row, role=role, user=person, invited_by=actor)
    data = {"party": party.public_id.hex, "role": role}
    record(row, "party.invited", actor=actor, data=data, moves=False, seals=[party])
    write_invitation(party, row.event_count, actor=actor)
    return party


@transaction.atomic
def invite_by_mail(case: Case, *, role: str, email: str, name: str, language: str, actor: User) -> Party:
    """The same for somebody without an account, such as a parent: they get a signed link (C6). Raises the same."""
    require_team(actor)
    return invite(case, role=role, person=guest_for(email, name, language, confirmed=False), actor=actor)


def owner_party(row: Case, actor: User) -> Party:
    """The owner’s side as a party of the locked case; it joins when it is first asked, and that is the event.

    Raises Refused where nobody is left to ask.
    """
    follow_owner(row, actor=actor)
    party = owner_of(row)
    if party is not None:
        return party
    if not owner_side(row.subject):
        raise Refused(_("There is nobody to ask: the account was closed."), code="nobody")
    # Whoever was invited in another role, before the thing became theirs, goes on in the same thread; and so does
    # whoever had it before and has it again.
    whose = dict(zip(("user_id", "organization_id"), row.subject.holder_ids(), strict=True))
    party, _created = Party.objects.update_or_create(
        case=row,
        **whose,
        defaults={"role": Party.Role.OWNER, "left_at": None},
        create_defaults={"role": Party.Role.OWNER, "invited_by": actor},
    )
    seal(row, party, actor=actor)
    return party


@transaction.atomic
def leave(party: Party, *, actor: User) -> None:
    """End a part in a case, by the party or by us: nobody waits for it any more, and its link ends.

    Raises Forbidden for others, Refused for the owner, whom it concerns whatever they say.
    """
    row = lock_case(party.case)
    if actor not in people_of(party):
        require_team(actor)
        require_no_stake(row, actor)
    if party.role == Party.Role.OWNER:
        raise Refused(
            _("It is about something of the owner: the owner may stay silent, and remains a party."), code="owner"
        )
    if not Party.objects.filter(pk=party.pk, left_at=None).exists():
        return
    _end(row, party, actor)
    party.refresh_from_db()


def follow_owner(row: Case, *, actor: User) -> None:
    """What the locked case is about may belong to somebody else now: the part of an earlier owner ends (D1, D2).

    Its thread stays as it is, for those who wrote it and for us. The new owner is asked anew, in a thread of their own;
    only an admin of the organization that had it, who was of both sides, goes on in the same one as a person.
    """
    person, organization = row.subject.holder_ids()
    earlier = Party.objects.filter(case=row, role=Party.Role.OWNER, left_at=None)
    for party in earlier.exclude(user=person, organization=organization).order_by("pk"):
        if person is not None and _goes_on(party, person):
            Party.objects.filter(pk=party.pk).update(user=person, organization=None)
            party.refresh_from_db(fields=["user", "organization"])
            seal(row, party, actor=actor)
        else:
            _end(row, party, actor)


def _goes_on(party: Party, person: int) -> bool:
    """Whether `person` reads the thread of `party` anyway, and has no other one in the case."""
    admin = Membership.objects.filter(organization=party.organization_id, user=person, role=OrganizationRole.ADMIN)
    return admin.exists() and not Party.objects.filter(case=party.case_id, user=person).exists()


def _end(row: Case, party: Party, actor: User) -> None:
    """Nobody waits any more for a party that takes part; its case's row is locked."""
    party.left_at = clock.now()
    party.save(update_fields=["left_at"])
    data = {"party": party.public_id.hex, "role": party.role}
    record(row, "party.left", actor=actor, data=data, moves=False, at=party.left_at, seals=[party])
    due.settle(row, Deadline.Kind.WINDOW, party=party)
    wait_or_come_back(row)


@transaction.atomic
def consent_to_be_named(party: Party, *, named: bool, actor: User) -> None:
    """The party agrees, or no longer agrees, that the others learn who they are. Raises Forbidden for anybody else."""
    row = lock_case(party.case)
    if party.user_id is None or party.user_id != actor.pk:
        raise Forbidden(_("Only they themselves can agree to be named."))
    if Party.objects.filter(pk=party.pk, left_at=None).exclude(named=named).update(named=named):
        kind = "party.named" if named else "party.unnamed"
        party.refresh_from_db()
        data = {"party": party.public_id.hex, "role": party.role}
        record(row, kind, actor=actor, data=data, moves=False, seals=[party])
