"""What keeps somebody of the team from a case: asked once, so that lists read nothing else (C1, C9, D1)."""

from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from moderation.cases.models import Case

_ASKED = """
SELECT 'organization', organization_id FROM accounts_membership WHERE user_id = %(person)s
UNION ALL
SELECT CASE WHEN lane.group_id IN (SELECT group_id FROM accounts_user_groups WHERE user_id = %(person)s)
    THEN 'opened' ELSE 'closed' END, lane.id FROM policy_lane lane WHERE lane.group_id IS NOT NULL
UNION ALL
SELECT 'party', own.id FROM cases_party party JOIN cases_case joined ON joined.id = party.case_id
JOIN cases_case own ON own.subject_id = joined.subject_id AND (own.id = joined.id OR own.kind = 'appeal')
WHERE party.user_id = %(person)s
UNION ALL
SELECT 'clause', link.clause_id FROM cases_comfort comfort
JOIN cases_comfort_opted_out link ON link.comfort_id = comfort.id WHERE comfort.user_id = %(person)s
"""


@dataclass(frozen=True)
class Stakes:
    """Ids of the person, of own organizations, of lanes for a named role, of cases in which the person is a party.

    With those cases the appeals about the same thing, where others of them speak (D1).
    `opted_out` are clauses that the person does not want to meet by chance (D5): they keep nobody from a case.
    """

    person: int
    organizations: tuple[int, ...]
    closed_lanes: tuple[int, ...]
    opened_lanes: tuple[int, ...]
    cases: tuple[int, ...]
    opted_out: tuple[int, ...]

    def bar(self, case: Case) -> bool:
        """Whether they keep the person from `case`: what `open_to` says of one whose row is at hand; no query."""
        return (
            case.author_id == self.person
            or case.organization_id in self.organizations
            or case.pk in self.cases
            or case.lane_id in self.closed_lanes
        )


def stakes_of(person: User) -> Stakes:
    """What keeps `person` from cases now; one query."""
    found: dict[str, list[int]] = {name: [] for name in ("organization", "closed", "opened", "party", "clause")}
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"person": person.pk})
        for name, key in cursor.fetchall():
            found[name].append(key)
    return Stakes(
        person=person.pk,
        organizations=tuple(found["organization"]),
        closed_lanes=tuple(found["closed"]),
        opened_lanes=tuple(found["opened"]),
        cases=tuple(found["party"]),
        opted_out=tuple(found["clause"]),
    )
