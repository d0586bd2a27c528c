"""Requests for access as rows for a spreadsheet (A3)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from repositories.gating.conditions import conditions_of
from repositories.gating.queries import labels_of, requests_of
from repositories.models import Repository

COLUMNS = ("user", "fullname", "email", "status", "requested_at", "decided_at", "decided_by", "reason")
# A spreadsheet runs what begins so, also behind spaces, and in their full width.
_RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_AT_ONCE = 500
_NEEDED = (
    "status", "requested_at", "decided_at", "reason", "answers",
    "user__username", "user__fullname", "user__email", "decided_by__username",
)  # fmt: skip


def rows_of(repository: Repository) -> Iterator[list[str]]:
    """The heads, then one row per request, newest first, read in pieces; a column for every question answered."""
    rows = requests_of(repository)
    labels = labels_of(rows, [field.label for field in conditions_of(repository).fields])
    yield [safe_cell(text) for text in (*COLUMNS, *labels)]
    # The conditions themselves, one text for each row, stay behind.
    needed = rows.only(*_NEEDED).annotate(agreed=~Q(conditions=""))
    for request in needed.iterator(chunk_size=_AT_ONCE):
        yield [safe_cell(text) for text in _row(request, labels)]


def _row(request: Any, labels: list[str]) -> list[str]:
    answers = {one["label"]: "yes" if one["value"] is True else str(one["value"]) for one in request.answers}
    return [
        request.user.username,
        request.user.fullname,
        request.user.email if request.agreed else "",  # as email_of
        request.status,
        _iso(request.requested_at),
        _iso(request.decided_at),
        request.decided_by.username if request.decided_by else "",
        request.reason,
        *(answers.get(label, "") for label in labels),
    ]


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else ""


def safe_cell(text: str) -> str:
    """`text` behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip().startswith(_RUNS) or text.startswith(("\t", "\r", "\n")) else text
