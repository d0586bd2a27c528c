"""What keeps somebody of the team from a case: asked once, so that lists read nothing else (C1, C9, D1)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.authentication import ASKED_OF_TEAM, asked_of
from accounts.models import User
from foundation.asking import ask
from moderation.cases.models import Case

_ASKED = """
SELECT 'organization', organization_id FROM accounts_membership WHERE user_id = {}
UNION ALL
SELECT CASE WHEN lane.group_id IN (SELECT group_id FROM accounts_user_groups WHERE user_id = {})
    THEN 'opened' ELSE 'closed' END, lane.id FROM policy_lane lane WHERE lane.group_id IS NOT NULL
UNION ALL
SELECT 'party', own.id FROM (
    SELECT case_id FROM cases_party WHERE user_id = {}
    UNION ALL SELECT party.case_id FROM accounts_membership member
    JOIN cases_party party ON party.organization_id = member.organization_id WHERE member.user_id = {}
) part JOIN cases_case joined ON joined.id = part.case_id
JOIN cases_case own ON own.subject_id = joined.subject_id AND (own.id = joined.id OR own.kind = 'appeal')
UNION ALL
SELECT 'clause', link.clause_id FROM cases_comfort comfort
JOIN cases_comfort_opted_out link ON link.comfort_id = comfort.id WHERE comfort.user_id = {}
"""
# Asked with every token of the team, too: most of what it does begins with it.
NAME = "stakes"
TEXTS = f"SELECT concat_ws(' ', name, key) FROM ({_ASKED}) asked (name, key)"  # noqa: S608
ASKED_OF_TEAM[NAME] = TEXTS
_OF_ONE = TEXTS.replace("{}", "%(person)s")


@dataclass(frozen=True)
class Stakes:
    """Ids of the person, of own organizations, of lanes for a named role, of cases in which one of these is a party.

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
    """What keeps `person` from cases now; one query, or none where it came with the token of this request."""
    return stakes_at_hand(person) or stakes_in(person, [text for (text,) in ask(_OF_ONE, {"person": person.pk})])


def stakes_at_hand(person: User) -> Stakes | None:
    """The same where it came with the token of this request, and was not used yet."""
    known = asked_of(person, NAME)
    return None if known is None else stakes_in(person, known)


def stakes_in(person: User, texts: Iterable[str]) -> Stakes:
    """The stakes of `person` from what TEXTS found."""
    found: dict[str, list[int]] = defaultdict(list)
    for name, key in map(str.split, texts):
        found[name].append(int(key))
    return Stakes(
        person=person.pk,
        organizations=tuple(found["organization"]),
        closed_lanes=tuple(found["closed"]),
        opened_lanes=tuple(found["opened"]),
        cases=tuple(found["party"]),
        opted_out=tuple(found["clause"]),
    )
