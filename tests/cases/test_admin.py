"""Django admin shows evidence and changes none of it (J6)."""

import pytest

from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, Event

PAGES = [
    "cases/case", "cases/event", "cases/decision", "cases/deadline", "sanctions/measure",
    "sanctions/statementofreasons", "scoring/score", "scoring/classifierrevision", "scoring/scorerequest",
    "subjects/subject", "subjects/snapshot", "automation/rulerun",
]  # fmt: skip


@pytest.fixture
def history(case, score, moderator, clause) -> Case:
    score(case)
    decide(
        case, actor=moderator, version=1, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="You called people idiots.",
    )  # fmt: skip
    return case


@pytest.mark.parametrize("page", PAGES)
def test_it_lists_and_adds_nothing(sign_in, admin, history, page):
    client = sign_in(admin)
    assert client.get(f"/admin/{page}/").status_code == 200
    assert client.get(f"/admin/{page}/add/").status_code == 403


@pytest.mark.parametrize(
    "page", ["cases/event", "cases/case", "sanctions/measure", "scoring/score", "subjects/snapshot"]
)
def test_it_shows_and_changes_nothing(sign_in, admin, history, page):
    client = sign_in(admin)
    first = {"cases/event": Event.objects.first(), "cases/case": history}.get(page)
    number = first.pk if first else _first(page)
    address = f"/admin/{page}/{number}"
    assert client.get(f"{address}/change/").status_code == 200
    assert client.post(f"{address}/change/", {"kind": "other"}).status_code == 403
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def _first(page: str) -> int:
    from django.apps import apps

    return apps.get_model(page.replace("/", ".")).objects.first().pk


def test_moderators_have_no_business_there(sign_in, moderator, history):
    assert sign_in(moderator).get("/admin/cases/event/").status_code == 302
