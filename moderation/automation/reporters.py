"""Which reporters count for a rule, because brigading is expected (I2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import Membership
from foundation import clock
from foundation.drafts import draft
from moderation.cases.models import Case
from moderation.reports.models import Report
from moderation.reports.people import distinct_people

# How old an account must be before its reports count for a rule.
ESTABLISHED = timedelta(days=7)

# Every report by a person of these cases until the moment of each, and whether its reporter counted then.
_REPORTS = f"""
SELECT c.id, c.author_id, r.id, r.reporter_id, r.address, r.created_at,
    person.is_active AND NOT person.is_guest AND person.date_joined <= moment.at - %(established)s
    AND NOT EXISTS (SELECT FROM accounts_postingrestriction ban WHERE ban.user_id = r.reporter_id
        AND ban.starts_at <= moment.at AND (ban.ends_at IS NULL OR ban.ends_at > moment.at)
        AND (ban.lifted_at IS NULL OR ban.lifted_at > moment.at))
    AND NOT EXISTS (SELECT FROM community_comment said
        WHERE COALESCE(subject.discussion_id, about.discussion_id) IS NOT NULL AND said.author_id = r.reporter_id
        AND said.discussion_id = COALESCE(subject.discussion_id, about.discussion_id)
        AND said.created_at <= moment.at)
FROM unnest(%(cases)s::bigint[], %(moments)s::timestamptz[]) AS moment(case_id, at)
JOIN cases_case c ON c.id = moment.case_id
JOIN subjects_subject subject ON subject.id = c.subject_id
LEFT JOIN community_comment about ON about.id = subject.comment_id
JOIN cases_casereport j ON j.case_id = c.id
JOIN reports_report r ON r.id = j.report_id AND r.created_at <= moment.at AND r.state <> '{Report.State.WITHDRAWN}'
    AND r.channel IN ({", ".join(f"'{one.value}'" for one in Report.BY_PEOPLE)})
JOIN accounts_user person ON person.id = r.reporter_id
"""  # noqa: S608 - our own codes


def independent_reporters(case: Case) -> int:
    """How many people who reported `case` are established, unlinked and outside the thread, now; three queries."""
    return independent_reporters_of({case.pk: clock.now()})[case.pk]


def independent_reporters_of(moments: Mapping[int, datetime]) -> dict[int, int]:
    """The same of many cases by their ids, each at a moment of its own; two queries, however many cases.

    Established: the account, no guest's, is a week old and may post. Unlinked: those who share an organization with
    each other, or are perhaps one person, count once, those who share one with the author not at all. Outside: did not
    comment in the same discussion. Who shares an organization, and who is active, is asked of the present: nothing
    says what it was before.
    """
    if not moments:
        return {}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"cases": list(moments), "moments": list(moments.values()), "established": ESTABLISHED}
        cursor.execute(_REPORTS, values)
        rows = cursor.fetchall()
    reports: dict[int, list[Report]] = {}
    counting: dict[int, set[int]] = {}
    authors: dict[int, int | None] = {}
    for case, author, key, reporter, address, at, counts in rows:
        authors[case] = author
        reports.setdefault(case, []).append(draft(Report, id=key, reporter_id=reporter, address=address, created_at=at))
        if counts:
            counting.setdefault(case, set()).add(reporter)
    people = {one for found in counting.values() for one in found} | {one for one in authors.values() if one}
    groups = _organizations(people) if counting else {}
    return {
        case: _independent(counting.get(case, set()), authors.get(case), groups, reports.get(case, ()))
        for case in moments
    }


def _organizations(people: Iterable[int]) -> dict[int, list[int]]:
    """Ids of the organizations of each of these people; one query."""
    found: dict[int, list[int]] = {}
    rows = Membership.objects.filter(user__in=list(people)).values_list("user", "organization")
    for person, organization in rows:
        found.setdefault(person, []).append(organization)
    return found


def _independent(
    people: set[int], author: int | None, organizations: Mapping[int, Sequence[int]], reports: Sequence[Report]
) -> int:
    """How many of `people` are left once whoever belongs together counts once, and nobody who belongs to `author`."""
    groups = [{one} for one in people | ({author} if author else set())]
    shared: dict[int, set[int]] = {}
    for group in groups:
        for one in group:
            for organization in organizations.get(one, ()):
                shared.setdefault(organization, set()).add(one)
    for together in [*shared.values(), *distinct_people(reports)]:
        touched = [group for group in groups if group & together]
        if len(touched) > 1:
            groups = [group for group in groups if not group & together]
            groups.append(set().union(*touched))
    return sum(1 for group in groups if author is None or author not in group)
