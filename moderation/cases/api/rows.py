"""A page of cases for programs, written as JSON by the database: what CaseRow says, from one statement (K1, D4).

CaseRow stays the shape, for the schema and for one case; a test holds both to the same words. Reading two dozen columns
of each row, making objects of them and writing these as JSON takes Python longer than all the rest of such a request.
"""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from accounts.models import User
from foundation.asking import ask
from moderation.cases.stakes import Stakes
from moderation.cases.walks import walk
from moderation.scoring.secrecy import sees_thresholds
from repositories.models import PREFIX

# SQL of texts, one after the other; what stands between two values is one constant, because each costs a row its time.
Pieces = list[str]


def _object(**members: Pieces) -> Pieces:
    """A JSON object: each member by the pieces of its value as JSON."""
    pieces: Pieces = []
    for name, value in members.items():
        pieces += _constant(f'{"," if pieces else "{"}"{name}":'), *value
    return [*pieces, _constant("}")]


def _constant(text: str) -> str:
    return f"'{text}'"


def _is_constant(piece: str) -> bool:
    return piece[0] == piece[-1] == "'" and piece.count("'") == 2


def _text(pieces: Pieces) -> str:
    """SQL of the pieces as one text."""
    joined: Pieces = []
    for piece in pieces:
        if joined and _is_constant(piece) and _is_constant(joined[-1]):
            joined[-1] = joined[-1][:-1] + piece[1:]
        else:
            joined.append(piece)
    return f"concat({', '.join(joined)})"


def _plain(value: str) -> Pieces:
    """Codes and ids, which hold nothing that JSON escapes."""
    return [_constant('"'), value, _constant('"')]


def _number(value: str) -> Pieces:
    return [value]


def _json(value: str) -> Pieces:
    """Any other text; null where there is none."""
    return [f"COALESCE(to_json({value})::text, 'null')"]


def _code(value: str) -> Pieces:
    """A code; null where there is none."""
    return [f"""COALESCE('"' || {value} || '"', 'null')"""]


def _truth(value: str) -> Pieces:
    return [f"CASE WHEN {value} THEN 'true' ELSE 'false' END"]


def _moment(value: str) -> Pieces:
    """A moment as our API writes it, null where there is none; connections are in UTC."""
    written = f"""to_char({value}, '"\\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\\""')"""
    return [f"COALESCE(replace({written}, '.000000Z', 'Z'), 'null')"]


_PREFIX = " ".join(f"WHEN '{kind}' THEN '{prefix}'" for kind, prefix in PREFIX.items())
# What one row has at most once is asked for by itself: the planner would try every order of a dozen joins.
_PERSON = "(SELECT {} FROM accounts_user WHERE id = subject.user_id)"
_ORGANIZATION = "(SELECT {} FROM accounts_organization WHERE id = subject.organization_id)"
_OF_EITHER = "CASE WHEN subject.user_id IS NOT NULL THEN {} WHEN subject.organization_id IS NOT NULL THEN {} END"
_HOLDER = _OF_EITHER.format(_PERSON.format("username"), _ORGANIZATION.format("name"))
_HOLDER_ID = _OF_EITHER.format(_PERSON.format("public_id"), _ORGANIZATION.format("public_id"))
_SUBJECT = _object(
    kind=_plain("one.subject_kind"),
    id=_plain(f"COALESCE(comment.public_id, place.public_id, repository.public_id, {_HOLDER_ID})"),
    name=_json(f"COALESCE(place.title, owner.name || '/' || repository.name, {_HOLDER})"),
    # Names that stand in addresses need no percent signs, see accounts/names.py and repositories/names.py.
    url=[
        f"""to_json(concat(site.address, '/', CASE repository.kind {_PREFIX} END,
        COALESCE(owner.name || '/' || repository.name, {_HOLDER}), '/discussions/' || place.number,
        '?comment=' || comment.public_id || '#comment-' || comment.public_id))"""
    ],
)
_ROW = _text(_object(
    id=_plain("one.public_id"),
    kind=_plain("one.kind"),
    state=_plain("one.state"),
    subject=_SUBJECT,
    clause=_plain("clause.code"),
    language=_plain("one.language"),
    version=_number("one.version"),
    points=["COALESCE(CASE WHEN site.exact THEN one.points END::text, 'null')"],
    report_count=_number("one.report_count"),
    assignee=_json("(SELECT username FROM accounts_user WHERE id = one.assignee_id)"),
    lease_until=_moment("one.lease_until"),
    opened_at=_moment("one.opened_at"),
    due_at=_moment("one.due_at"),
    decided_at=_moment("one.decided_at"),
    track=_plain("one.track"),
    lane=_code("lane.code"),
    at_risk=_truth("one.at_risk"),
    parked=_plain("one.parked"),
    parked_until=_moment("one.parked_until"),
))  # fmt: skip
_JOINED = """
CROSS JOIN site
JOIN policy_clause clause ON clause.id = one.clause_id
LEFT JOIN policy_lane lane ON lane.id = one.lane_id
JOIN subjects_subject subject ON subject.id = one.subject_id
LEFT JOIN community_comment comment ON comment.id = subject.comment_id
LEFT JOIN community_discussion place ON place.id = COALESCE(subject.discussion_id, comment.discussion_id)
LEFT JOIN repositories_repository repository ON repository.id = COALESCE(subject.repository_id, place.repository_id)
LEFT JOIN accounts_namespace owner ON owner.id = repository.namespace_id
"""
_SITE = "WITH site AS (SELECT %s::text AS address, %s::bool AS exact)"
# The walk reads the rows of the cases anyhow: so it brings along what is shown of them.
_READ = (
    "public_id", "kind", "state", "subject_kind", "subject_id", "clause_id", "language", "version", "points",
    "report_count", "assignee_id", "lease_until", "opened_at", "due_at", "decided_at", "track", "lane_id", "at_risk",
    "parked", "parked_until",
)  # fmt: skip
_WALKED = f"{_SITE} SELECT {{order}}, {_ROW} AS line FROM ({{}}) one {_JOINED}"  # noqa: S608 - our own SQL
_LISTED = f"""
{_SITE}, given AS (SELECT * FROM unnest(%s::bigint[]) WITH ORDINALITY given (id, place))
SELECT {_ROW} FROM (SELECT * FROM given JOIN cases_case USING (id)) one {_JOINED} ORDER BY one.place
"""  # noqa: S608 - our own SQL


def listed(keys: Sequence[int], site: str, *, exact: bool) -> str:
    """The cases of these ids, in their order, as CaseRow shows them: a list in JSON; one query.

    `site` is where addresses begin; points, which hold the score, are there where `exact` (H6). Moments are in UTC.
    """
    return f"[{','.join([line for (line,) in ask(_LISTED, [site, exact, list(keys)])])}]"


def walked(person: User, own: Stakes, query: QueryDict, site: str, **asked: Any) -> tuple[str, str]:
    """The same for the page of a lane, and the query string of the next one; one query. `asked` as for walks.walk."""
    lines, following = walk(_WALKED, person, own, query, read=_READ, before=[site, sees_thresholds(person)], **asked)
    return f"[{lines}]", following
