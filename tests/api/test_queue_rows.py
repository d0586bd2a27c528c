"""Pages of the queue are put together without the serializer and without building a query: the same comes out (K1)."""

import json
from datetime import timedelta

import pytest
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIRequestFactory

from community.actions import add_comment, open_discussion
from foundation import clock
from foundation.api import KeysetPagination
from moderation.cases.actions import receive_report
from moderation.cases.api.shapes import CaseRow
from moderation.cases.lanes import AFTER, BEFORE, in_lane
from moderation.cases.models import Case
from moderation.cases.queries import cases as whole_cases
from moderation.policy.models import Lane
from moderation.subjects.models import TARGETS

URL = "/api/v1/cases"
ODD = 'He said: "no" \\ </script> ภาษาไทย ☃'


@pytest.fixture
def cases(make_repository, discussion, organization, author, reporter, moderator, owner, clause):
    """Cases about everything that can be reported, in every state that a row tells of."""
    dataset = make_repository(kind="dataset", name="corpus.v1")
    odd = open_discussion(dataset, title=ODD, text="Read this.", actor=author)
    comment = add_comment(odd, text="You are wrong.", actor=author)
    things = [dataset, make_repository(name="other"), odd, discussion, comment, author, organization]
    for thing in things:
        receive_report(thing, clause=clause("spam"), text="Look at it.", actor=reporter)
    now = clock.now()
    changes = [
        {"parked": "snoozed", "parked_until": now + timedelta(days=1)},
        {"due_at": now.replace(microsecond=0), "at_risk": True, "language": "th"},
        {"lane": Lane.objects.get(code="trusted"), "points": 12.0, "rank": -12.0},
        {"assignee": moderator, "lease_until": now.replace(microsecond=120_000) + timedelta(hours=1)},
        {"state": "decided", "decided_at": now, "answered_at": now},
        {"state": "decided", "decided_at": now - timedelta(days=1)},
        {"track": "moderated", "kind": "review"},
    ]
    for case, change in zip(Case.objects.order_by("pk"), changes, strict=True):
        Case.objects.filter(pk=case.pk).update(**change)
    return list(whole_cases().order_by("rank", "id"))


@pytest.mark.parametrize("query", ["state=open", "state=decided", "state=open&due=any", "state=open&q=corpus"])
def test_a_row_of_a_page_is_the_row_of_the_schema(team, cases, moderator, query):
    """By the compiled way, and by the one for filters that decide how the query is built."""
    request = APIRequestFactory().get(URL)
    request.user = moderator  # who sees what the points are made of (H6)
    shown = {one["id"]: one for one in team.get(f"{URL}?{query}").json()["results"]}
    assert shown
    for case in cases:
        if row := shown.get(str(case.public_id)):
            meant = json.loads(JSONRenderer().render(CaseRow(case, context={"request": request}).data))
            assert row == meant
            assert list(row) == list(meant)


def test_the_rows_are_of_every_kind(team, cases):
    shown = [one for state in ("open", "decided") for one in team.get(f"{URL}?state={state}").json()["results"]]
    assert {one["subject"]["kind"] for one in shown} == set(TARGETS)
    assert ODD in {one["subject"]["name"] for one in shown}


@pytest.mark.parametrize("lane", [*BEFORE, *AFTER, "trusted"])
def test_pages_of_a_lane_hold_what_lies_in_it(team, cases, moderator, monkeypatch, lane):
    monkeypatch.setattr(KeysetPagination, "size", 2)
    listing = in_lane(lane, moderator)
    meant = [str(one.public_id) for one in listing.rows.order_by(*listing.order)]
    found, address = [], f"{URL}?lane={lane}"
    while address:
        page = team.get(address).json()
        assert len(page["results"]) <= 2
        found += [one["id"] for one in page["results"]]
        address = page["next"]
    assert found == meant
    assert meant or lane in ("second", "appeals")


@pytest.mark.parametrize(
    "query", ["clause=spam", "kind=comment", "language=th", "track=moderated", "kind=user&clause=spam", "language=en"]
)
def test_pages_are_narrowed(team, cases, moderator, monkeypatch, query):
    monkeypatch.setattr(KeysetPagination, "size", 1)
    columns = {"kind": "subject_kind", "clause": "clause__code"}
    asked = {columns.get(name, name): value for name, value in (part.split("=") for part in query.split("&"))}
    meant = [str(one.public_id) for one in Case.objects.filter(state="open", **asked).order_by("rank", "id")]
    found, address = [], f"{URL}?{query}"
    while address:
        page = team.get(address).json()
        found += [one["id"] for one in page["results"]]
        address = page["next"]
    assert found == meant


def test_who_asks_sees_what_they_may(program, cases, moderator, other_moderator):
    """The same statement for two people gives each of them theirs."""
    mine = cases[0]
    Case.objects.filter(pk=mine.pk).update(author=moderator)
    for person, sees in ((moderator, False), (other_moderator, True), (moderator, False)):
        shown = program(person, "moderate").get(f"{URL}?state={mine.state}").json()["results"]
        assert (str(mine.public_id) in {one["id"] for one in shown}) == sees
