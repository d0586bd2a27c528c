"""What pages, lists, search, feeds, downloads and the protocol answer, over every state and every kind of viewer (A2).

The table is written here a second time, as plainly as it can be said; nothing of repositories.access is asked.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.actions import create_token, join_organization
from accounts.models import NfaaPreference, OrganizationRole, User
from accounts.queries import system_actor
from foundation import clock
from repositories.access import access, seen_by
from repositories.actions import change_settings, commit, restrict
from repositories.actions.move import delete_repository
from repositories.models import (
    AccessRequest,
    Gating,
    Inspection,
    Reader,
    Repository,
    Restriction,
    Stage,
    Visibility,
)
from repositories.models.restriction import HIDING_CARD
from repositories.queries import listed_for

FORM_TOKEN = re.compile(r"[A-Za-z0-9]{64}")
MEMBERS = OrganizationRole.values
OTHERS = ["visitor", "stranger", "moderator", "inspector", "reader", "accepted", "rejected"]
WAYS = ["session", "token"]
CARD, WORD, FILE = "cardword", "searchword", "fileword"
PAGE, API = "/mekong-lab/ours", "/api/models/mekong-lab/ours"
# What the table knows; a held or hidden card is its own matter: see tests/sanctions.
KINDS = [kind for kind in Restriction.Kind if kind not in (Restriction.Kind.NFAA, *HIDING_CARD)]


@dataclass(frozen=True)
class State:
    visibility: str
    gating: str
    restrictions: frozenset[str]
    nfaa: bool
    deleted: bool


@dataclass(frozen=True)
class Right:
    """What the table says of one viewer in one state."""

    see: bool
    files: bool
    edit: bool
    manage: bool
    listed: bool
    asked_first: bool
    notice: bool = False


def right(state: State, role: str, preference: str) -> Right:
    if "removed" in state.restrictions:
        return right_where_removed(replace(state, restrictions=state.restrictions - {"removed"}), role, preference)
    kept_private = "private" in state.restrictions
    public = state.visibility == "public" and not state.deleted and not kept_private
    member = role in MEMBERS and not state.deleted and (role == "admin" or not kept_private)
    reads = role == "reader" and not state.deleted and not kept_private
    closed = state.visibility == "private" or state.gating != "none" or state.restrictions & {"disabled", "private"}
    inspects = role == "inspector" and bool(closed) and not state.deleted
    let_in = state.gating == "none" or role == "accepted"
    disabled = "disabled" in state.restrictions
    unwanted = state.nfaa and preference == "never"
    on_team = role in ("moderator", "inspector")
    in_lists = public and (not state.restrictions or on_team)
    return Right(
        see=member or public or reads or inspects,
        files=member or inspects or ((reads or (public and let_in)) and not disabled),
        edit=member and role in ("write", "admin"),
        manage=member and role == "admin",
        listed=member or ((in_lists or (reads and not state.restrictions)) and not unwanted),
        asked_first=state.nfaa and preference != "show" and not member and not on_team,
    )


def right_where_removed(state: State, role: str, preference: str) -> Right:
    """Nothing but for who inspects it; a notice for whoever would see it otherwise."""
    otherwise, inspects = right(state, role, preference), role == "inspector" and not state.deleted
    if inspects:
        return replace(otherwise, see=True, files=True, listed=False)
    nothing = Right(see=False, files=False, edit=False, manage=False, listed=False, asked_first=False)
    return replace(nothing, notice=otherwise.see)


STATES = st.builds(
    State,
    visibility=st.sampled_from(Visibility.values),
    gating=st.sampled_from(Gating.values),
    restrictions=st.frozensets(st.sampled_from(KINDS)),
    nfaa=st.booleans(),
    deleted=st.sampled_from([False] * 7 + [True]),
)


class Hub:
    """One repository, and for every role a person with a session and a token."""

    def __init__(self, repository: Repository, owner: User, people: dict[str, User | None]) -> None:
        self.repository, self.owner, self.people = repository, owner, people
        self.tokens = {
            role: create_token(person, scope="write", actor=system_actor()) for role, person in people.items() if person
        }

    def arrange(self, state: State) -> None:
        card = f"---\ntags: [{'not-for-all-audiences' if state.nfaa else 'plain'}]\n---\n# Ours\n\n{CARD} {WORD}\n"
        files = {"README.md": card.encode(), "a.txt": FILE.encode()}
        commit(self.repository, files, actor=self.owner, message="Arrange")
        change_settings(self.repository, actor=self.owner, visibility=state.visibility, gating=state.gating)
        if state.deleted:  # while the owner still sees it
            delete_repository(self.repository, actor=self.owner)
        for kind in state.restrictions:
            restrict(self.repository, kind=kind, reason="Why.", actor=system_actor())
        moment = clock.now()
        stage = Stage.objects.create(repository=self.repository, kind="people", position=1, reached_at=moment)
        Reader.objects.create(stage=stage, user=self.people["reader"])
        for role in ("accepted", "rejected"):
            AccessRequest.objects.create(repository=self.repository, user=self.people[role], status=role)
        Inspection.objects.create(
            repository=self.repository,
            moderator=self.people["inspector"],
            reason="A report.",
            ends_at=moment + timedelta(1),
        )

    def client(self, role: str) -> Client:
        """A new session each time: what was confirmed once is not asked again."""
        client = Client()
        if person := self.people[role]:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def ask(self, role: str, path: str) -> "tuple[int, str]":
        headers = {"authorization": f"Bearer {self.tokens[role]}"} if role in self.tokens else {}
        response = Client().get(path, headers=headers)
        return response.status_code, body_of(response)


def body_of(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return FORM_TOKEN.sub("", content.decode())


@pytest.fixture
def hub(organization, make_repository, make_user, moderator, owner):
    people: dict[str, User | None] = {role: make_user(f"person-{role}") for role in OTHERS if role != "visitor"}
    people["visitor"], people["moderator"] = None, moderator
    people["inspector"] = make_user("person-inspecting", moderator=True)
    for role in MEMBERS:
        people[role] = make_user(f"member-{role}")
        join_organization(people[role], organization, role=role, actor=owner)
    return Hub(make_repository("ours", owner=organization), owner, people)


RESTRICTED = [
    frozenset(),
    *(frozenset({kind}) for kind in KINDS),
    frozenset({"downgraded", "disabled"}),
    frozenset(KINDS),
]
ALL_STATES = [
    *[State(*values, False) for values in product(Visibility.values, Gating.values, RESTRICTED, [False, True])],
    *[State(visibility, "none", frozenset(), False, True) for visibility in Visibility.values],
]


@pytest.mark.slow
def test_access_and_lists_say_the_same_for_every_combination(hub):
    for state in ALL_STATES:
        hub.repository.refresh_from_db()
        with transaction.atomic():
            hub.arrange(state)
            repository = Repository.objects.select_related("namespace").get(pk=hub.repository.pk)
            for role, person in hub.people.items():
                check_functions(repository, state, role, person)
            transaction.set_rollback(True)


def check_functions(repository: Repository, state: State, role: str, person: User | None) -> None:
    due, found = right(state, role, "ask"), access(repository, person)
    assert (found.see, found.files, found.edit, found.manage) == (due.see, due.files, due.edit, due.manage), (
        state,
        role,
    )
    assert Repository.objects.filter(seen_by(person)).exists() == due.see, (state, role)
    # The preference changes nothing where there is nothing to prefer; where it would, "never" would be seen.
    preferences = NfaaPreference.values if state.nfaa else ["never"]
    for preference in preferences if person else ["ask"]:
        if person:
            person.nfaa = preference
        assert listed_for(person).exists() == right(state, role, preference).listed, (state, role, preference)


# Not shrunk: an example asks fifty times.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(state=STATES, role=st.sampled_from([*MEMBERS, *OTHERS]), preference=st.sampled_from(NfaaPreference.values))
def test_every_way_in_answers_what_the_table_says(hub, state, role, preference):
    hub.repository.refresh_from_db()
    with transaction.atomic():
        preference = preference if hub.people[role] else "ask"
        if hub.people[role]:
            User.objects.filter(pk=hub.people[role].pk).update(nfaa=preference)
        hub.arrange(state)
        due = right(state, role, preference)
        check_pages(hub, role, due)
        check_lists(hub, role, due)
        check_protocol(hub, role, due, state)
        transaction.set_rollback(True)
    hub.repository.refresh_from_db()


def check_pages(hub: Hub, role: str, due: Right) -> None:
    gone = 410 if due.notice else 404
    refused = 403 if due.see else gone
    waits = due.see and due.asked_first
    for below in ("", "/discussions"):
        response = hub.client(role).get(PAGE + below)
        assert response.status_code == (200 if due.see else gone), below
        assert (CARD in body_of(response)) == (due.see and not waits and not below), below
    for below in ("/files", "/file/a.txt", "/history"):
        response = hub.client(role).get(PAGE + below)
        assert response.status_code == (200 if due.files or waits else refused), below
        assert (FILE in body_of(response)) == (due.files and not waits and below == "/file/a.txt"), below
    raw = hub.client(role).get(f"{PAGE}/raw/a.txt")
    assert (raw.status_code, FILE in body_of(raw)) == (200 if due.files else refused, due.files)
    for below, allowed in {"/card/edit": due.edit, "/upload": due.edit, "/settings": due.manage}.items():
        status = hub.client(role).get(PAGE + below).status_code
        assert status == (302 if role == "visitor" else 200 if allowed else refused), below


def check_lists(hub: Hub, role: str, due: Right) -> None:
    addresses = [
        "/models",
        "/models?order=newest",
        "/models?order=likes",
        "/models?order=downloads",
        "/",
        "/mekong-lab",
    ]
    for address in [*addresses, f"/search?q={WORD}", "/search?q=mekong-lab/ours"]:
        body = body_of(hub.client(role).get(address))
        assert (f'href="{PAGE}"' in body) == due.listed, address
        assert "<img" not in body.partition("<main")[2], address
    for query in ("", "?author=mekong-lab", f"?search={WORD}", "?sort=downloads", "?sort=lastModified"):
        status, body = hub.ask(role, f"/api/models{query}")
        assert (status, '"mekong-lab/ours"' in body) == (200, due.listed), query


def check_protocol(hub: Hub, role: str, due: Right, state: State) -> None:
    anonymous = role == "visitor"
    # A disabled repository looks to whoever shows no token as if it were not there; others are told so.
    shut = ("disabled" in state.restrictions and not due.files) or due.notice
    hidden = 401 if anonymous else 404
    if not (due.see or due.notice) or (shut and anonymous):
        info = files = hidden
    elif shut:
        info, files, hidden = 403, 403, 403 if due.notice else hidden
    else:
        info, files = 200, 200 if due.files else hidden if anonymous else 403
    assert hub.ask(role, API)[0] == info
    for path in (f"{API}/tree/main", f"{API}/auth-check", "/mekong-lab/ours/resolve/main/a.txt"):
        status, body = hub.ask(role, path)
        assert status == files, path
        assert (FILE in body) == (files == 200 and path.endswith("a.txt")), path
    status, body = hub.ask(role, "/mekong-lab/ours/resolve/main/README.md")
    assert (status, CARD in body) == (200 if due.see else hidden, due.see)
    status, _body = hub.ask(role, f"{API}/auth-check/write")
    assert (status == 200) == due.edit


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("way", ["page", "token"])
@pytest.mark.parametrize("by", ["owner", "team"])
def test_private_and_missing_are_the_same(hub, signed_in, way, by):
    """Same status, same body, same number of queries: nothing says that a private repository exists (A2, E3)."""
    if by == "owner":
        change_settings(hub.repository, actor=hub.owner, visibility="private")
    else:
        restrict(hub.repository, kind="private", reason="Why.", actor=system_actor())
    role = "stranger" if signed_in else "visitor"
    below = ["files", "files/a", "file/a.txt", "raw/a.txt", "history", "discussions", "discussions/1", "moderation"]
    pages = ["/mekong-lab/{}", *[f"/mekong-lab/{{}}/{one}" for one in [*below, "resolve/main/a.txt"]]]
    ends = ["tree/main", "auth-check", "refs", "commits/main", "revision/main", "discussions", "likers"]
    protocol = [f"/api/models/mekong-lab/{{}}{one}" for one in ["", *[f"/{one}" for one in ends]]]

    def answer(path: str) -> tuple[int, str, int]:
        client = hub.client(role) if way == "page" else Client()
        headers = {"authorization": f"Bearer {hub.tokens[role]}"} if way == "token" and signed_in else {}
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path, headers=headers)
        return response.status_code, body_of(response), len(queries)

    for path in pages if way == "page" else protocol:
        there, missing = answer(path.format("ours")), answer(path.format("ouch"))
        assert there[0] in (401, 404), path
        assert there[1].replace("ours", "ouch") == missing[1], path
        assert there[2] == missing[2], path
