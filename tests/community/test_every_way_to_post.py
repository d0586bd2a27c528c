"""Who may post where: every way to post, over every state and every kind of person (F5).

The table is written here a second time, as plainly as it can be said; nothing of community.posting is asked.
"""

import json
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations, product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import PostingRestriction, User
from accounts.queries import system_actor
from community import actions
from community.models import Block, Discussion, TabSettings
from community.notifying import notify
from community.posting import Way, refusal
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions import decide_directly
from moderation.cases.models import Case
from moderation.reports.models import Report
from moderation.sanctions.models import StatementOfReasons
from repositories.actions import restrict
from repositories.models import Repository
from tests.community.tab import BASE, EDITORS, HUB, OWNER_SIDE, ROLES, Tab, rows

BEGINNING = (Way.DISCUSSION, Way.PULL_REQUEST)
OUTSIDE = ["stranger", "opener"]


@dataclass(frozen=True)
class State:
    """What holds of everybody but the system, of the repository, and of the one pull request in it."""

    restriction: str = "none"
    closed_account: bool = False
    young: bool = False
    blocked: bool = False
    tab_on: bool = True
    newcomers: bool = False
    rate: str = "none"
    origin: str = "person"
    lock: str = "none"
    status: str = "open"
    private: bool = False
    disabled: bool = False
    gating: str = "none"
    nfaa: bool = False


def due(state: State, role: str, way: Way) -> str | None:
    """The code of the refusal that community.posting owes; None where posting is open. First come, first told."""
    if state.private and role not in [*OWNER_SIDE, "system"]:
        return "not_found"
    if role == "system":
        return None
    if state.closed_account:
        return "deactivated"
    if state.restriction != "none":
        return "posting_restricted"
    if role != "team" and (chosen := _chosen_by_the_owner(state, role, way)):
        return chosen
    if state.disabled and way in (Way.PULL_REQUEST, Way.COMMIT) and role not in EDITORS:
        return "disabled"
    if way not in BEGINNING:
        may_write = {"none": ROLES, "owner": [*EDITORS, "team"], "team": ["team"]}[state.lock]
        if role not in may_write:
            return "locked"
        if way == Way.COMMENT and state.status == "closed":
            return "closed"
    too_much = state.rate == "everybody" or (state.rate == "new" and state.young)
    return "rate_limited" if too_much and role != "team" else None


def _chosen_by_the_owner(state: State, role: str, way: Way) -> str | None:
    if way not in BEGINNING and state.origin != "person":
        return None
    if state.blocked and role in OUTSIDE:
        return "blocked"
    if not state.tab_on:
        return "tab_off"
    return "newcomer" if state.newcomers and state.young and role in OUTSIDE else None


def is_theirs(state: State, role: str, way: Way) -> bool:
    """Whether somebody in this role does such a thing at all, whatever else holds."""
    if way in (Way.STATUS, Way.RENAME):
        theirs = state.origin == "person" and role in [*EDITORS, "opener"]
        return theirs or role in ("team", "system")
    return {Way.COMMIT: [*EDITORS, "opener"], Way.MERGE: EDITORS}.get(way, ROLES).count(role) > 0


def over(state: State, role: str, way: Way) -> str | None:
    """What no right helps against: a proposal that was closed or merged; and what the team does by a decision."""
    if way == Way.STATUS and state.status == "merged":
        return "merged"
    if way == Way.STATUS and role == "team" and (state.origin, state.status) == ("person", "open"):
        return "by_decision"
    return "closed" if way in (Way.COMMIT, Way.MERGE) and state.status != "open" else None


@contextmanager
def arranged(tab: Tab, state: State):
    """The tab in this state; everything is as before at the end."""
    limits = {
        "none": {},
        "everybody": {"POSTS_PER_WINDOW": 1},
        "new": {"NEW_ACCOUNT_POSTS_PER_HOUR": 1},
    }[state.rate]
    with transaction.atomic(), override_settings(**limits):
        _arrange_people(tab, state)
        _arrange_repository(tab, state)
        Discussion.objects.filter(pk=tab.place.pk).update(
            origin=state.origin,
            status=state.status,
            locked=state.lock != "none",
            locked_by_team=state.lock == "team",
            locked_by_owner=state.lock == "owner",
        )
        for person in tab.people.values():
            person.refresh_from_db()
        yield
        transaction.set_rollback(True)


def _arrange_people(tab: Tab, state: State) -> None:
    everybody = User.objects.filter(pk__in=[one.pk for role, one in tab.people.items() if role != "system"])
    if state.young:
        everybody.update(date_joined=clock.now() - timedelta(days=1))
    if state.closed_account:
        everybody.update(is_active=False)
    if state.restriction != "none":
        ends_at = clock.now() + timedelta(hours=48) if state.restriction == "posting_ban" else None
        PostingRestriction.objects.bulk_create(
            PostingRestriction(
                user=one, kind=state.restriction, reason="Insults.", starts_at=clock.now(), ends_at=ends_at
            )
            for one in everybody
        )
    if state.blocked:
        for role in [*OUTSIDE, "team"]:
            Block.objects.create(namespace=tab.repository.namespace, user=tab.people[role], actor=tab.people["admin"])


def _arrange_repository(tab: Tab, state: State) -> None:
    if state.newcomers or not state.tab_on:
        TabSettings.objects.create(
            repository=tab.repository,
            on=state.tab_on,
            newcomers=7 if state.newcomers else 0,
            changed_by=tab.people["admin"],
        )
    Repository.objects.filter(pk=tab.repository.pk).update(
        visibility="private" if state.private else "public", gating=state.gating
    )
    for kind in [*(["disabled"] if state.disabled else []), *(["nfaa"] if state.nfaa else [])]:
        restrict(tab.repository, kind=kind, reason="Why.", actor=system_actor())


STATES = st.builds(
    State,
    restriction=st.sampled_from(["none", "none", "none", "posting_ban", "deactivated"]),
    closed_account=st.sampled_from([False] * 7 + [True]),
    young=st.booleans(),
    blocked=st.sampled_from([False, False, True]),
    tab_on=st.sampled_from([True, True, False]),
    newcomers=st.booleans(),
    rate=st.sampled_from(["none", "none", "everybody", "new"]),
    origin=st.sampled_from(Discussion.Origin.values),
    lock=st.sampled_from(["none", "owner", "team"]),
    status=st.sampled_from(["open", "closed", "merged"]),
    private=st.sampled_from([False, False, True]),
    disabled=st.booleans(),
    gating=st.sampled_from(["none", "auto", "manual"]),
    nfaa=st.booleans(),
)
EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.generate],  # not shrunk: an example asks dozens of times
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(EXAMPLES, max_examples=20)  # three and more at once; for one and two see below
@given(state=STATES)
def test_permission_says_what_the_table_says(tab, state):
    with arranged(tab, state):
        check_permission(tab, state)


# Every value that is not the usual one.
VALUES: dict[str, list[Any]] = {
    "restriction": ["posting_ban", "deactivated"],
    "origin": ["report", "team"],
    "lock": ["owner", "team"],
    "status": ["closed", "merged"],
    "rate": ["everybody", "new"],
    "gating": ["manual"],
    "tab_on": [False],
    **{name: [True] for name in ("closed_account", "young", "blocked", "newcomers", "private", "disabled", "nfaa")},
}
CHANGES = [{name: value} for name, values in VALUES.items() for value in values]


# The ways of which the table says something of their own; of all others it says the same.
OWN_RULES = (*BEGINNING, Way.COMMENT, Way.COMMIT)
ALIKE = [way for way in Way if way not in OWN_RULES]


def test_ways_are_alike_in_any_state(tab):
    for change in ({}, *CHANGES):
        state = State(**change)
        with arranged(tab, state):
            check_permission(tab, state, roles=["opener", "writer", "team"], ways=ALIKE)


@pytest.mark.slow
def test_permission_says_what_the_table_says_for_any_two_states(tab):
    """Which of two refusals comes first; the ways that are alike take turns."""
    for number, (one, other) in enumerate(combinations(CHANGES, 2)):
        state = State(**{**one, **other})
        with arranged(tab, state):
            ways = [*OWN_RULES, ALIKE[number % len(ALIKE)]]
            check_permission(tab, state, roles=["opener", "writer", "team"], ways=ways)


def check_permission(tab: Tab, state: State, roles: list[str] = ROLES, ways: Iterable[Way] = Way) -> None:
    repository = Repository.objects.select_related("namespace").get(pk=tab.repository.pk)
    place = Discussion.objects.get(pk=tab.place.pk)
    for role, way in product(roles, ways):
        found = refusal(tab.people[role], repository, way, discussion=None if way in BEGINNING else place)
        assert (found.code if found else None) == due(state, role, way), (state, role, way)


@settings(EXAMPLES, max_examples=25)
@given(state=STATES, data=st.data())
def test_every_action_does_what_the_table_says(tab, state, data):
    with arranged(tab, state):
        for role in data.draw(st.permutations(ROLES))[:3]:
            for way in Way:
                check_action(tab, state, role, way)


def check_action(tab: Tab, state: State, role: str, way: Way) -> None:
    """Either it is refused with what the table says, and nothing at all was written; or it is done."""
    owed, before = due(state, role, way), rows()
    refused = attempt(tab, role, way)
    if not is_theirs(state, role, way):
        # Both hold: which of them is told first is the action's own affair.
        assert refused in {owed, "permission_denied"} - {None}, (state, role, way)
    else:
        assert refused == (owed or over(state, role, way)), (state, role, way)
    assert rows() == before


def attempt(tab: Tab, role: str, way: Way) -> str | None:
    """The code that the action refused with; None when it was done. What it did is taken back."""
    try:
        with transaction.atomic():
            before = rows()
            tab.act(way, role)
            assert rows() != before, (role, way)
            transaction.set_rollback(True)
    except Refused as refused:
        return refused.code
    return None


# By sample through the surfaces: what each state says, to whom, with which status (pages, programs).
SAMPLES = {
    "banned": (State(restriction="posting_ban"), "opener", "posting_restricted", 403, "You can post again on"),
    "deactivated": (State(restriction="deactivated"), "opener", "posting_restricted", 403, "Insults."),
    "owner banned": (State(restriction="posting_ban"), "admin", "posting_restricted", 403, "You can post again on"),
    "team banned": (State(restriction="posting_ban"), "team", "posting_restricted", 403, "You can post again on"),
    "blocked": (State(blocked=True), "opener", "blocked", 403, "blocked you"),
    "tab off": (State(tab_on=False), "opener", "tab_off", 403, "turned this community tab off"),
    "tab off for its owner": (State(tab_on=False), "admin", "tab_off", 403, "turned this community tab off"),
    "newcomer": (State(newcomers=True, young=True), "opener", "newcomer", 403, "You can post here"),
    "locked by the owner": (State(lock="owner"), "opener", "locked", 403, "the owner ended it"),
    "locked by the team": (State(lock="team"), "admin", "locked", 403, "the team ended it"),
    "closed": (State(status="closed"), "opener", "closed", 409, "closed"),
    "disabled": (State(disabled=True), "opener", "disabled", 403, "disabled"),
    "rate": (State(rate="everybody"), "opener", "rate_limited", 429, "You can post again"),
    "private": (State(private=True), "opener", "not_found", 404, ""),
}


@pytest.mark.parametrize("name", list(SAMPLES))
def test_every_surface_refuses(tab, name):
    state, role, code, status, words = SAMPLES[name]
    asked = 0
    with arranged(tab, state):
        for request in tab.requests(role):
            if not is_theirs(state, role, request.way) or due(state, role, request.way) != code:
                continue
            before = rows()
            response = tab.send(role, request)
            body = response.content.decode()
            gone = code == "tab_off" and request.way not in BEGINNING and role not in OWNER_SIDE
            assert response.status_code == (404 if gone else status), (request, body[:500])
            assert words in body or gone, (request, body[-3000:])
            if request.surface == "api":
                assert response.json()["errors"][0]["code"] == code
            assert rows() == before, request
            asked += 1
    assert asked


@pytest.mark.parametrize("surface", ["page", "hub", "api"])
def test_every_surface_takes_what_nothing_forbids(tab, surface):
    """The other half: where nothing stands, each of the same requests does what it says."""
    for request in tab.requests("writer"):
        if request.surface == surface:
            with transaction.atomic():
                before = rows()
                response = tab.send("writer", request)
                assert response.status_code in (200, 201, 204, 302, 303), (request, response.content[-2000:])
                assert rows() != before, request
                transaction.set_rollback(True)


def test_rows_count_whom_a_text_calls_and_whom_we_told(tab):
    """So that the same counts elsewhere say that a refused text called nobody and told nobody."""
    notify()
    before = rows()
    tab.act(Way.COMMENT, "stranger")
    notify()
    after = rows()
    assert after["community_mention"] == before["community_mention"] + 1
    assert after["community_notification"] > before["community_notification"]


@pytest.mark.parametrize("way", [Way.COMMENT, Way.EDIT, Way.DISCUSSION])
def test_refused_text_calls_nobody(tab, way):
    notify()
    with arranged(tab, State(restriction="posting_ban")):
        before = rows()
        refused = [tab.send("opener", one).status_code for one in tab.requests("opener") if one.way == way]
        notify()
        assert (set(refused), rows()) == ({403}, before)


def test_visitor_is_sent_to_sign_in(tab):
    for request in tab.requests("stranger"):
        before = rows()
        response = tab.send("visitor", request)
        if request.surface == "page":
            assert (response.status_code, "/login" in response["Location"]) == (302, True), request
        else:
            assert response.status_code == 401, request
        assert rows() == before


def test_closed_account_has_neither_session_nor_token(tab):
    with arranged(tab, State(closed_account=True)):
        for request in tab.requests("opener"):
            before = rows()
            response = tab.send("opener", request)
            assert response.status_code in (302, 401), request
            assert rows() == before


def test_everybody_is_refused_in_the_state_only_some_are_in(tab):
    """A state that is one person's is nobody else's."""
    PostingRestriction.objects.create(user=tab.people["opener"], kind="posting_ban", reason="Insults.")
    assert attempt(tab, "opener", Way.COMMENT) == "posting_restricted"
    assert [attempt(tab, role, Way.COMMENT) for role in ROLES if role != "opener"] == [None] * (len(ROLES) - 1)


def test_keeping_order_is_no_posting(tab, settings):
    """Hiding, locking, pinning and closing everything leave an owner room to say why."""
    settings.POSTS_PER_WINDOW = 2
    owner = tab.people["admin"]
    for comment in tab.comments.values():
        actions.hide(comment, category="spam", actor=owner)
    actions.set_locked(tab.place, True, actor=owner)
    actions.set_pinned(tab.place, True, actor=owner)
    actions.close_all(tab.repository, actor=owner)
    assert attempt(tab, "admin", Way.DISCUSSION) is None


RESTRICTED = [
    State(restriction="posting_ban"),
    State(restriction="deactivated"),
    State(blocked=True),
    State(tab_on=False),
]
RESTRICTED += [replace(State(lock="team"), rate="everybody"), State(disabled=True, newcomers=True, young=True)]


@pytest.mark.parametrize("state", RESTRICTED, ids=str)
def test_reading_stays_open(tab, state):
    role = "opener"
    with arranged(tab, state):
        client, headers = signed_in(tab, role)
        gone = 404 if not state.tab_on else 200
        place = f"discussions/{tab.place.number}"
        assert client.get(BASE).status_code == 200
        assert client.get(f"{BASE}/discussions").status_code == 200
        assert client.get(f"{BASE}/{place}").status_code == gone
        assert client.get(f"{HUB}/{place}", headers=headers).status_code == (gone if not state.disabled else 200)
        path = f"/api/v1/discussions/{tab.place.public_id}/timeline"
        assert client.get(path, headers=headers).status_code == gone


@pytest.mark.parametrize("state", RESTRICTED, ids=str)
def test_own_repositories_stay_open(tab, state, make_repository):
    """The card that a measure asks for can be written, whatever keeps its owner from posting (F5)."""
    person = tab.people["opener"]
    own = make_repository("own", owner=person, actor=person)
    with arranged(tab, state):
        client, headers = signed_in(tab, "opener")
        before = Repository.objects.get(pk=own.pk).head
        form = {
            "text": "# Better\n\nRisks: none known.\n",
            "anyway": "on",
            "parent": before,
            "message": "Describe the risks",
        }
        response = client.post(f"/{person}/own/card/edit", form)
        assert response.status_code in (302, 303), response.content[-2000:]
        middle = Repository.objects.get(pk=own.pk).head
        lines = [
            {"key": "header", "value": {"summary": "More", "description": ""}},
            {"key": "file", "value": {"content": "TW9yZQ==", "path": "more.md", "encoding": "base64"}},
        ]
        body = "\n".join(json.dumps(one) for one in lines)
        response = client.post(
            f"/api/models/{person}/own/commit/main", body, content_type="application/x-ndjson", headers=headers
        )
        assert response.status_code == 200, response.content
        after = Repository.objects.get(pk=own.pk).head
        assert len({before, middle, after}) == 3


@pytest.mark.parametrize("state", RESTRICTED, ids=str)
@pytest.mark.parametrize("surface", ["page", "api"])
def test_reports_stay_open(tab, state, surface, clause):
    comment = tab.comments["stranger"]
    with arranged(tab, replace(state, tab_on=True)):
        client, headers = signed_in(tab, "opener")
        if surface == "page":
            form = {
                "clause": "spam",
                "text": "It is an advert.",
                "ground": "rules",
                "request_id": str(comment.public_id),
            }
            response = client.post(f"/report/comment/{comment.public_id}", form)
            assert response.status_code in (200, 302, 303), response.content[-2000:]
        else:
            subject = {"kind": "comment", "id": str(comment.public_id)}
            body = {"subject": subject, "clause": "spam", "text": "It is an advert."}
            response = client.post("/api/v1/reports", body, content_type="application/json", headers=headers)
            assert response.status_code == 201, response.content
        assert Report.objects.get().reporter == tab.people["opener"]


@pytest.mark.parametrize("kind", ["posting_ban", "deactivate"])
def test_contesting_stays_open(kind, sign_in, comment, author, moderator, clause):
    decide_directly(comment, kind=kind, clause=clause("harassment"), reason="You insulted people.", actor=moderator)
    client, statement = sign_in(author), StatementOfReasons.objects.get(recipient=author)
    assert client.get(f"/appeal/{statement.public_id}").status_code == 200
    response = client.post(f"/appeal/{statement.public_id}", {"text": "I quoted somebody else there, look again."})
    assert response.status_code in (302, 303), response.content[-2000:]
    assert Case.objects.filter(kind=Case.Kind.APPEAL).count() == 1


def signed_in(tab: Tab, role: str):
    client = Client()
    client.force_login(tab.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client, {"authorization": f"Bearer {tab.tokens[role]}"}
