"""The same request twice at the same moment: one report, one decision, the same answer (K1, L3)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from rest_framework.test import APIClient

from moderation.cases.actions import receive_report
from moderation.cases.models import Case, Decision
from moderation.reports.models import Report
from tests.conftest import concurrent

pytestmark = concurrent


def at_once(make_client: Callable[[], APIClient], url: str, body: dict[str, Any]) -> list[Any]:
    """Four threads send the same body under the same key; their answers."""
    start = Barrier(4)

    def send(client: APIClient) -> Any:
        try:
            start.wait()
            return client.post(url, body, headers={"Idempotency-Key": "the same"})
        finally:
            connection.close()

    ContentType.objects.clear_cache()  # the flush between tests gives them new ids
    clients = [make_client() for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(send, clients))


def test_report(program, reporter, comment):
    body = {"subject": {"kind": "comment", "id": str(comment.public_id)}, "clause": "spam", "text": "Adverts."}
    answers = at_once(lambda: program(reporter), "/api/v1/reports", body)
    assert {one.status_code for one in answers} <= {200, 201}
    assert {one.json()["id"] for one in answers} == {str(Report.objects.get().public_id)}


def test_decision(program, moderator, comment, reporter, clause):
    receive_report(comment, clause=clause("spam"), text="Adverts.", actor=reporter)
    case = Case.objects.get()
    body = {"version": case.version, "outcome": "no_violation", "explanation": "Not an advert at all."}
    answers = at_once(lambda: program(moderator, "moderate"), f"/api/v1/cases/{case.public_id}/decisions", body)
    assert {one.status_code for one in answers} <= {200, 201}
    assert {one.json()["id"] for one in answers} == {str(Decision.objects.get().public_id)}
