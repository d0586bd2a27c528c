"""Who may work on cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.asking import ask
from foundation.errors import Forbidden
from moderation.cases.models import Case
from moderation.cases.stakes import Stakes, stakes_of


def require_team(actor: User) -> None:
    """Raise Forbidden unless `actor` works in the queue."""
    if not actor.is_team:
        raise Forbidden(_("Only the team can work on cases."))


def require_no_stake(case: Case, actor: User, stakes: Stakes | None = None) -> None:
    """Raise Forbidden when the case is about what `actor`, or an organization of `actor`, wrote, owns or is.

    And when it lies in a lane for people of a role that `actor` does not have (C9).
    """
    own = stakes or stakes_of(actor)
    if case.lane_id in own.closed_lanes:
        raise Forbidden(_("This case lies in a lane for named people. Somebody of them has to decide about it."))
    if own.bar(case):
        raise Forbidden(_("This is your own content. Somebody else has to decide about it."))


_PARTS = """
SELECT one.id, EXISTS (SELECT FROM cases_casereport joined JOIN reports_report report ON report.id = joined.report_id
    WHERE joined.case_id = one.id AND report.reporter_id = %(person)s), cases_lies_with(one.subject_id, %(person)s)
FROM cases_case one WHERE one.id = ANY(%(cases)s)
"""


@dataclass(frozen=True)
class Part:
    """What part somebody has in a case besides what its row says.

    `at_home`: it is about something in a repository of theirs, or of an organization of theirs.
    """

    reported: bool
    at_home: bool

    @property
    def bars(self) -> Any:
        """Why somebody else has to decide, in a sentence; "" where nothing of it keeps them from it."""
        if self.reported:
            return _("You reported this yourself. Somebody else has to decide about it.")
        if self.at_home:
            return _(
                "This lies in a repository of yours, or of your organization. Somebody else has to decide about it."
            )
        return ""


def parts_in(cases: Iterable[Case], person: User) -> dict[int, Part]:
    """The part of `person` in each of `cases` by its id; one query."""
    found = ask(_PARTS, {"cases": [case.pk for case in cases], "person": person.pk})
    return {key: Part(*part) for key, *part in found}


def require_impartial(case: Case, actor: User, stakes: Stakes | None = None, *, part: Part | None = None) -> None:
    """Raise Forbidden when `actor` has a stake in the case, reported it, or answers for where it lies.

    `part` says the last two where they are known. The database refuses their decisions too (migration 0028).
    """
    require_no_stake(case, actor, stakes)
    if why := (part or parts_in([case], actor)[case.pk]).bars:
        raise Forbidden(why)


def require_not_decided_before(case: Case, actor: User) -> None:
    """Raise Forbidden for whoever decided `case` before an appeal of a reporter was upheld, while another could (G2).

    They would be asked to find that they were wrong. The database refuses them too (migration 0028). No query for
    anybody else.
    """
    if actor.pk in case.not_by and _left_to_others(case, actor):
        raise Forbidden(
            _("You decided this before, and whoever contested it was right. Somebody else has to decide it anew.")
        )


def _left_to_others(case: Case, actor: User) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_left_to_others(%s, %s, %s)", [case.pk, case.not_by, actor.pk])
        (left,) = cursor.fetchone()
    return bool(left)


def require_decide(case: Case, actor: User, stakes: Stakes | None = None, *, part: Part | None = None) -> None:
    """Raise Forbidden unless `actor` may decide `case`: permission, and nobody decides about their own things."""
    if actor.is_system:
        return
    if not actor.has_perm("cases.decide"):
        raise Forbidden(_("Only moderators can decide cases."))
    require_impartial(case, actor, stakes, part=part)


def is_at_home(case: Case, stakes: Stakes) -> bool:
    """What cases_lies_with() says of a case whose subject is loaded with where it lies; no query."""
    home = case.subject.home
    if home is None:
        return False
    return home.namespace.user_id == stakes.person or home.namespace.organization_id in stakes.organizations


def why_not_decide(case: Case, viewer: User, stakes: Stakes, *, part: Part | None = None) -> str:
    """Why somebody else than `viewer` has to decide `case`, in a sentence for its page; "" where they may."""
    try:
        require_decide(case, viewer, stakes, part=part)
        require_not_decided_before(case, viewer)
    except Forbidden as refusal:
        return str(refusal)
    return ""
