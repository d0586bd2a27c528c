"""What we ask of the owner, and under which conditions the repository stays, for those who decide (E1, E5)."""

from dataclasses import dataclass

from accounts.models import User
from moderation.cases.models import Case
from moderation.cases.queries import conditions_told_to, measures_told_to
from moderation.sanctions.actions import standing_conditions, standing_requests
from moderation.sanctions.models import Measure, StandingCondition


@dataclass(frozen=True)
class Asked:
    """`requests` are those that stand, `conditions` those that hold; `askable` says whether more can be asked now."""

    requests: list[Measure]
    conditions: list[StandingCondition]
    askable: bool

    @property
    def done(self) -> bool:
        """Whether the owner did all that was asked."""
        return bool(self.requests) and all(one.owner_request and one.owner_request.met_at for one in self.requests)


def asked_of(case: Case, viewer: User) -> Asked:
    """What is asked of the owner of the case's repository, as far as `viewer` may know (C9).

    Two queries at most, none for other subjects.
    """
    repository = case.subject.repository
    if repository is None:
        return Asked([], [], askable=False)
    return Asked(
        requests=list(standing_requests(case.subject_id).filter(measures_told_to(viewer))) if repository.asked else [],
        conditions=list(standing_conditions(case.subject_id).filter(conditions_told_to(viewer))),
        askable=case.state == Case.State.OPEN and repository.deleted_at is None,
    )
