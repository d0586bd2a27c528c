"""A page of cases for programs, with almost no work for each row: what CaseRow says, from one statement (K1, D4).

CaseRow stays the shape, for the schema and for one case; a test holds both to the same words.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as _quoted  # what json.dumps calls
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.utils.encoding import iri_to_uri

from accounts.models import User
from moderation.cases.stakes import Stakes
from moderation.cases.walks import walk
from repositories.models import PREFIX

# Ids and moments come as text: what reads them makes objects that would be written as text again.
# What one row has at most once is asked for by itself: the planner would try every order of a dozen joins.
_SHOWN = """
    one.public_id::text, one.kind, one.state, one.subject_kind,
    CASE WHEN comment.id IS NOT NULL THEN comment.public_id WHEN place.id IS NOT NULL THEN place.public_id
        WHEN repository.id IS NOT NULL THEN repository.public_id
        WHEN subject.user_id IS NOT NULL THEN (SELECT public_id FROM accounts_user WHERE id = subject.user_id)
        ELSE (SELECT public_id FROM accounts_organization WHERE id = subject.organization_id) END::text,
    comment.public_id::text, place.number, place.title, repository.kind, owner.name, repository.name,
    CASE WHEN subject.user_id IS NOT NULL THEN (SELECT username FROM accounts_user WHERE id = subject.user_id)
        WHEN subject.organization_id IS NOT NULL
            THEN (SELECT name FROM accounts_organization WHERE id = subject.organization_id) END,
    clause.code, one.language, one.version, one.points, one.report_count,
    CASE WHEN one.assignee_id IS NOT NULL THEN (SELECT username FROM accounts_user WHERE id = one.assignee_id) END,
    one.lease_until::text, one.opened_at::text, one.due_at::text, one.decided_at::text, one.track,
    lane.code, one.at_risk, one.parked, one.parked_until::text
FROM {} JOIN cases_case one ON one.id = walk.id
JOIN policy_clause clause ON clause.id = one.clause_id
LEFT JOIN policy_lane lane ON lane.id = one.lane_id
JOIN subjects_subject subject ON subject.id = one.subject_id
LEFT JOIN community_comment comment ON comment.id = subject.comment_id
LEFT JOIN community_discussion place ON place.id = COALESCE(subject.discussion_id, comment.discussion_id)
LEFT JOIN repositories_repository repository ON repository.id = COALESCE(subject.repository_id, place.repository_id)
LEFT JOIN accounts_namespace owner ON owner.id = repository.namespace_id
ORDER BY walk.place
"""
_WALKED = (
    "WITH walk AS MATERIALIZED (SELECT *, row_number() OVER () AS place FROM ({}) found) "  # noqa: S608
    f"SELECT walk.*, {_SHOWN.format('walk')}"
)
_LISTED = f"SELECT {_SHOWN.format('unnest(%s::bigint[]) WITH ORDINALITY walk (id, place)')}"


def listed(keys: Sequence[int], site: str) -> str:
    """The cases of these ids, in their order, as CaseRow shows them: a list in JSON; one query.

    `site` is where addresses begin. Moments are in UTC.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, [list(keys)])
        return _list(cursor.fetchall(), site)


def walked(person: User, own: Stakes, query: QueryDict, site: str, **asked: Any) -> tuple[str, str]:
    """The same for the page of a lane, and the query string of the next one; one query. `asked` as for walks.walk."""
    found, following = walk(_WALKED, person, own, query, **asked)
    return _list(found, site), following


def _list(rows: Iterable[Sequence[Any]], site: str) -> str:
    return f"[{','.join([_object(row, site) for row in rows])}]"


def _object(row: Sequence[Any], site: str) -> str:
    """One case in JSON. Written out, because objects that are made to be dumped cost more than all the rest of a page.

    What is one of a few codes or an id goes in as it is; every other text is escaped.
    """
    (
        key, kind, state, subject_kind, target, comment, number, title, repository_kind, owner, repository, holder,
        clause, language, version, points, reports, assignee, lease, opened, due, decided, track, lane, at_risk, parked,
        parked_until,
    ) = row  # fmt: skip
    if repository is None:
        name, address = holder, _encoded(f"/{holder}")
    else:
        name, address = f"{owner}/{repository}", _encoded(f"/{PREFIX[repository_kind]}{owner}/{repository}")
    if number is not None:
        name = title
        address += f"/discussions/{number}"
    if comment is not None:
        address += f"?comment={comment}#comment-{comment}"
    return (
        f'{{"id":"{key}","kind":"{kind}","state":"{state}","subject":{{"kind":"{subject_kind}","id":"{target}",'
        f'"name":{_quoted(name)},"url":{_quoted(site + address)}}},"clause":{_quoted(clause)},'
        f'"language":{_quoted(language)},"version":{version},"points":{points!r},"report_count":{reports},'
        f'"assignee":{_quoted(assignee) if assignee else "null"},"lease_until":{_moment(lease)},'
        f'"opened_at":{_moment(opened)},"due_at":{_moment(due)},"decided_at":{_moment(decided)},"track":"{track}",'
        f'"lane":{_quoted(lane) if lane else "null"},"at_risk":{"true" if at_risk else "false"},"parked":"{parked}",'
        f'"parked_until":{_moment(parked_until)}}}'
    )


@lru_cache(maxsize=5_000)
def _encoded(address: str) -> str:
    """Kept, because many cases of a page lie in the same repositories."""
    return iri_to_uri(address) or ""


def _moment(text: str | None) -> str:
    """A moment as PostgreSQL writes it in UTC, `2026-11-21 12:30:00.12+00`, as our API does in JSON."""
    if text is None:
        return "null"
    day, _space, clock = text.removesuffix("+00").partition(" ")
    if "." in clock:
        clock = clock.ljust(15, "0")
    return f'"{day}T{clock}Z"'
