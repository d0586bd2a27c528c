"""Whose an appeal is, and who decided about the same before (G2)."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, OrganizationRole, User
from accounts.queries import admins_of
from foundation.errors import Forbidden
from moderation.appeals.models import Appeal
from moderation.cases.models import Case
from moderation.cases.naming import require_discreet, require_nobody_named
from moderation.cases.permissions import require_decide, require_impartial


def of_person(person: User) -> Q:
    """Appeals that are `person`'s: filed by them, and those of an organization whose admin they are."""
    admin = Membership.objects.filter(user=person, role=OrganizationRole.ADMIN).values("organization")
    return Q(appellant=person, organization=None) | Q(organization__in=admin)


def people_of(appeal: Appeal) -> list[User]:
    """Who reads and writes on the side of whoever contests: the appellant, or every admin of their organization."""
    if appeal.organization_id is None:
        return [appeal.appellant]
    return [one for one in admins_of(appeal.organization_id) if not one.is_system] or [appeal.appellant]


def deciders_about(appeals: Iterable[Appeal]) -> dict[int, set[int]]:
    """By the id of an appeal the ids of everybody who decided about the same, or earlier in its case; one query.

    Of the second while somebody else could answer. Said by the database, whose trigger refuses their answers
    (migrations 0003 and 0004).
    """
    rows = list(appeals)
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.id, who FROM unnest(%s::bigint[], %s::bigint[]) one (id, decision), "
            "LATERAL appeals_left_to_others(one.decision, one.id) who",
            [[row.pk for row in rows], [row.decision_id for row in rows]],
        )
        for key, person in cursor.fetchall():
            found[key].add(person)
    return found


def require_discreet_with(appeal: Appeal, text: str, *, affected: bool, confirmed: bool) -> None:
    """Raise NamesSomebody, or GivesAway, where our words to whoever contests give away somebody else (C2).

    Whom the decision affects, `affected`, learns nothing of a report; a reporter, or a party, nothing of the others.
    """
    case = appeal.decision.case
    if affected:
        require_discreet(case, text, confirmed=confirmed)
    else:
        require_nobody_named(case, text, people_of(appeal), confirmed)


def require_may_answer(appeal: Appeal, case: Case, actor: User) -> None:
    """Raise Forbidden unless `actor` may answer `appeal` of `case`, and write to whoever contests.

    A human who may decide, without a stake, who neither reported it nor decided about the same, or
    earlier in its case, before.
    """
    require_decide(case, actor)
    if actor.is_system:
        raise Forbidden(_("A human has to answer this appeal."))
    require_impartial(appeal.decision.case, actor)  # whoever reported it answers no appeal about it
    if actor.pk == appeal.appellant_id or actor.pk in deciders_about([appeal])[appeal.pk]:
        raise Forbidden(_("Somebody who did not decide before has to answer this appeal."))
