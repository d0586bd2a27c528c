"""One community tab with everybody who could post in it, and every way to post through every surface."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client

from accounts.actions import create_token, join_organization
from accounts.models import Organization, User
from accounts.queries import system_actor
from community import actions
from community.entries import write_comment
from community.models import Comment, Discussion
from community.posting import Way
from community.projections import lock
from community.pull_requests import commit_to_pull_request, merge_pull_request, open_pull_request
from repositories.git import Put, store_bytes
from repositories.models import Repository

EDITORS = ["admin", "writer"]
OWNER_SIDE = [*EDITORS, "reader"]
OTHERS = ["stranger", "opener", "team", "system"]
ROLES = [*OWNER_SIDE, *OTHERS]
BASE, HUB = "/mekong-lab/ours", "/api/models/mekong-lab/ours"
# What is refused leaves nobody called, either.
CALLING = "Look at this, @person-reader."
CARD = b"---\nlicense: mit\n---\n# Ours\n\nAnother card.\n"


class Tab:
    """The tab of an organization's repository; in its pull request, by the opener, everybody has a comment."""

    def __init__(
        self,
        repository: Repository,
        organization: Organization,
        owner: User,
        team: User,
        make_user: Callable[..., User],
    ) -> None:
        self.repository = repository
        self.people = {role: make_user(f"person-{role}") for role in ("writer", "reader", "stranger", "opener")}
        self.people |= {"admin": owner, "team": team, "system": system_actor()}
        for role, name in (("writer", "write"), ("reader", "read")):
            join_organization(self.people[role], organization, role=name, actor=owner)
        self.place = open_pull_request(
            repository, [self.change()], title="A better card", text="Please.", actor=self.people["opener"]
        )
        row = lock(self.place)
        self.comments = {role: write_comment(row, author=one, text="Words.") for role, one in self.people.items()}
        persons = {role: one for role, one in self.people.items() if role != "system"}
        self.tokens = {role: create_token(one, scope="write", actor=system_actor()) for role, one in persons.items()}

    def change(self) -> Put:
        return Put("README.md", store_bytes(self.repository, CARD).oid)

    def act(self, way: Way, role: str) -> None:
        """Post in this way through the action. Raises what it refuses with."""
        actor, place = self.people[role], Discussion.objects.get(pk=self.place.pk)
        own, first = (Comment.objects.get(pk=self.comments[one].pk) for one in (role, "opener"))
        fresh = Repository.objects.select_related("namespace").get(pk=self.repository.pk)
        status = "open" if place.status == Discussion.Status.CLOSED else "closed"
        verbs: dict[Way, Callable[[], object]] = {
            Way.DISCUSSION: lambda: actions.open_discussion(fresh, title="New", text=CALLING, actor=actor),
            Way.COMMENT: lambda: actions.add_comment(place, text=CALLING, actor=actor),
            Way.EDIT: lambda: actions.edit_comment(own, text=CALLING, actor=actor),
            Way.PULL_REQUEST: lambda: open_pull_request(fresh, [self.change()], title="New", text="It.", actor=actor),
            Way.COMMIT: lambda: commit_to_pull_request(place, [self.other()], actor=actor, message="More"),
            Way.MERGE: lambda: merge_pull_request(place, actor=actor),
            Way.STATUS: lambda: actions.set_status(place, status, actor=actor),
            Way.RENAME: lambda: actions.rename(place, "Another title", actor=actor),
            Way.REACTION: lambda: actions.react(first, "heart", actor=actor),
        }
        verbs[way]()

    def other(self) -> Put:
        return Put("notes.md", store_bytes(self.repository, b"Notes.\n").oid)

    def requests(self, role: str) -> list["Request"]:
        """Every request that would post as this person, through every surface that has the way."""
        number = self.place.number
        page, own = f"{BASE}/discussions/{number}", self.comments[role].public_id
        first = self.comments["opener"].public_id
        new = {"title": "New", "text": CALLING, "request_id": str(uuid.uuid4())}
        head = self.repository.head
        hub, api = f"{HUB}/discussions/{number}", f"/api/v1/discussions/{self.place.public_id}"
        ndjson = "\n".join(
            json.dumps(one)
            for one in (
                {"key": "header", "value": {"summary": "More", "description": ""}},
                {"key": "file", "value": {"content": "TW9yZQ==", "path": "more.md", "encoding": "base64"}},
            )
        )
        words, other = {"text": CALLING, "request_id": str(uuid.uuid4())}, {"card": "# Another\n\nCard.\n"}
        return [
            Request(Way.DISCUSSION, "page", f"{BASE}/discussions/new", new),
            Request(Way.COMMENT, "page", f"{page}/comment", words),
            Request(Way.COMMENT, "page", f"{page}/comment", {**words, "close": "1"}),
            Request(Way.EDIT, "page", f"{page}/comments/{own}/edit", {"text": CALLING}),
            Request(Way.REACTION, "page", f"{page}/comments/{first}/react", {"react": "heart"}),
            Request(Way.PULL_REQUEST, "page", f"{BASE}/card/suggest", {**new, **other, "parent": head}),
            Request(Way.STATUS, "page", f"{page}/status", {"status": "closed"}),
            Request(Way.RENAME, "page", f"{page}/rename", {"title": "Another title"}),
            Request(Way.COMMIT, "page", f"{page}/edit-card", {**other, "parent": self.place.pull_request.head}),
            Request(Way.MERGE, "page", f"{page}/merge", {}),
            Request(Way.DISCUSSION, "hub", f"{HUB}/discussions", {"title": "New", "description": CALLING}),
            Request(
                Way.PULL_REQUEST, "hub", f"{HUB}/discussions", {"title": "N", "description": "T", "pullRequest": True}
            ),
            Request(Way.PULL_REQUEST, "hub", f"{HUB}/commit/main?create_pr=1", ndjson),
            Request(Way.COMMIT, "hub", f"{HUB}/commit/refs%2Fpr%2F{number}", ndjson),
            Request(Way.COMMENT, "hub", f"{hub}/comment", {"comment": CALLING}),
            Request(Way.EDIT, "hub", f"{hub}/comment/{own.hex}/edit", {"content": CALLING}),
            Request(Way.RENAME, "hub", f"{hub}/title", {"title": "Another title"}),
            Request(Way.STATUS, "hub", f"{hub}/status", {"status": "closed"}),
            Request(Way.MERGE, "hub", f"{hub}/merge", {}),
            Request(
                Way.DISCUSSION,
                "api",
                f"/api/v1/repositories/{self.repository.public_id}/discussions",
                {"title": "New", "text": CALLING},
            ),
            Request(Way.COMMENT, "api", f"{api}/comments", {"text": CALLING}),
            Request(Way.EDIT, "api", f"/api/v1/comments/{own}", {"text": CALLING}, "patch"),
            Request(Way.RENAME, "api", api, {"title": "Another title"}, "patch"),
            Request(Way.STATUS, "api", api, {"status": "closed"}, "patch"),
            Request(Way.REACTION, "api", f"/api/v1/comments/{first}/reactions/heart", {}, "put"),
            Request(Way.MERGE, "api", f"{api}/merge", {}),
        ]

    def send(self, role: str, request: "Request") -> Any:
        """Send it as this person: pages with a session, programs with a token; as nobody for "visitor"."""
        client = Client(raise_request_exception=False)
        if request.surface == "page":
            if role in self.people:
                client.force_login(self.people[role], backend="django.contrib.auth.backends.ModelBackend")
            return client.post(request.path, request.body)
        headers = {"authorization": f"Bearer {self.tokens[role]}"} if role in self.tokens else {}
        body = request.body if isinstance(request.body, str) else json.dumps(request.body)
        kind = "application/x-ndjson" if isinstance(request.body, str) else "application/json"
        return client.generic(request.verb.upper(), request.path, body, content_type=kind, headers=headers)


@dataclass(frozen=True)
class Request:
    """One way through one surface; a string as body is sent as it is."""

    way: Way
    surface: str
    path: str
    body: dict[str, Any] | str
    verb: str = "post"


def rows() -> dict[str, int]:
    """How many rows each table of the community app holds, and how many changes were told."""
    with connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if one.startswith("community_")]
        counts = [f"SELECT '{table}', count(*) FROM {table}" for table in [*tables, "foundation_change"]]
        cursor.execute(" UNION ALL ".join(counts))
        return dict(cursor.fetchall())
