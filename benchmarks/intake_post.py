"""Reports that arrive through the API as fast as the server takes them; then the database is asked for all of it."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.actions import create_token
from accounts.models import Scope, User
from benchmarks.community_post import PATIENCE
from community.actions.posts import write_discussion
from community.importing import import_repository, people
from community.models import Comment, CommentVersion
from foundation import clock
from foundation.models import Change
from launcher.port import LOOPBACK
from moderation.cases.models import Case, CaseReport, Event
from moderation.reports.models import Report
from moderation.scoring.models import ScoreRequest
from moderation.subjects.models import Snapshot

REPORTERS, AUTHORS, DISCUSSIONS = 200, 100, 20
CLAUSES = ("harassment", "spam", "hate-speech", "code-of-conduct")
TEXT = "You people who wrote version {} of this are worthless, and everybody who uses it should be ashamed of it."
WHY = "He insults everybody who asks a question here; it began with the release and did not stop since."
# Of ten reports, how many are of something that somebody reported before, and join its case.
JOINING = 3


@dataclass(frozen=True)
class Asked:
    """One report to file: by whom, of which comment, under which clause."""

    token: str
    comment: uuid.UUID
    clause: str


def fill(reports: int) -> list[Asked]:
    """Comments by a hundred people, two hundred reporters with a token each, and who reports what."""
    everybody = people("reporter", REPORTERS)
    authors = people("author", AUTHORS)
    year_ago = clock.now() - timedelta(days=365)
    User.objects.filter(pk__in=[one.pk for one in [*everybody, *authors]]).update(date_joined=year_ago)
    tokens = [create_token(one, scope=Scope.WRITE, actor=one) for one in everybody]
    repository = import_repository("bench", "reported")
    of_each = reports // DISCUSSIONS + 1
    comments: list[Comment] = []
    for number in range(DISCUSSIONS):
        title = f"Release {number}"
        place = write_discussion(repository, title=title, text="New.", actor=repository.created_by, quiet=True)
        rows = Comment.objects.bulk_create(
            Comment(
                discussion=place, author=authors[n % AUTHORS], position=n + 2, text=TEXT.format(number * of_each + n)
            )
            for n in range(of_each)
        )
        CommentVersion.objects.bulk_create(
            CommentVersion(comment=one, number=1, text=one.text, author_id=one.author_id) for one in rows
        )
        place.last_position = place.comment_count = of_each + 1
        place.save()
        comments += rows
    return [
        Asked(
            token=tokens[number % REPORTERS],
            # Reports that join are of the comment that was reported last before them, by other reporters.
            comment=comments[number - number % 10 - 1 if number % 10 < JOINING and number >= 10 else number].public_id,
            clause=CLAUSES[number % len(CLAUSES)],
        )
        for number in range(reports)
    ]


def send(asked: list[Asked], port: int, clients: int) -> tuple[list[tuple[int, float, dict[str, Any]]], float]:
    """File every report, `clients` at a time over connections that stay open; status, seconds and answer of each."""
    waiting, lock = iter(asked), threading.Lock()
    answers: list[tuple[int, float, dict[str, Any]]] = []
    began = time.monotonic()

    def work() -> None:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
        while True:
            with lock:
                one = next(waiting, None)
            if one is None:
                connection.close()
                return
            start = time.monotonic()
            try:
                connection.request("POST", "/api/v1/reports", *_request(one))
                response = connection.getresponse()
                answers.append((response.status, time.monotonic() - start, json.loads(response.read())))
            except (OSError, http.client.HTTPException, ValueError) as error:
                answers.append((0, time.monotonic() - start, {"error": repr(error)}))
                connection.close()

    threads = [threading.Thread(target=work) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - began


def _request(one: Asked) -> tuple[str, dict[str, str]]:
    body = {"subject": {"kind": "comment", "id": str(one.comment)}, "clause": one.clause, "text": WHY}
    headers = {"Authorization": f"Bearer {one.token}", "Content-Type": "application/json"}
    return json.dumps(body), headers | {"Idempotency-Key": str(uuid.uuid4())}


def committed(accepted: set[uuid.UUID]) -> dict[str, int]:
    """What is missing of all that a report commits: nothing is accepted without it."""
    reports = Report.objects.filter(public_id__in=accepted)
    received = Event.objects.filter(kind="report.received").values_list("data__report", flat=True)
    told = Change.objects.filter(kind="report.received").count()
    snapshots = Snapshot.objects.filter(reports__in=reports).distinct()
    return {
        "reports_missing": len(accepted) - reports.count(),
        "without_case": reports.exclude(pk__in=CaseReport.objects.values("report")).count(),
        "without_event": len({one.hex for one in accepted} - set(received)),
        "changes_missing": max(0, len(accepted) - told),
        "snapshots_unscored": snapshots.exclude(pk__in=ScoreRequest.objects.values("snapshot")).count(),
        "subjects_with_two_cases": _doubled(Case.objects.filter(state=Case.State.OPEN).values_list("subject")),
        "counts_wrong": sum(
            case.report_count != case.case_reports.count() for case in Case.objects.prefetch_related("case_reports")
        ),
    }


def _doubled(rows: Any) -> int:
    found = list(rows)
    return len(found) - len(set(found))


def percentiles(answers: list[tuple[int, float, dict[str, Any]]]) -> Iterator[tuple[str, float]]:
    """Milliseconds within which half, and 99 of 100, of the accepted ones were answered."""
    times = sorted(seconds for status, seconds, _said in answers if status == 201)
    for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99)):
        yield name, round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1) if times else 0.0
