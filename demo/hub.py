"""The repositories of the demo hub with their discussions."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Membership, Namespace, OrganizationRole, User
from accounts.models.names import EDITING_ROLES
from community.actions import add_comment, open_discussion, set_status
from community.models import Comment, Discussion
from demo import content
from foundation import clock
from moderation.cases.actions.on_the_spot import decide_on_the_spot
from moderation.policy.models import Clause
from repositories import trending
from repositories.actions import commit, create_repository
from repositories.models import Like, Repository

Threads = dict[str, list[tuple[Discussion, list[Comment]]]]


class Hub:
    """What was loaded, to be found again by the addresses that reports and decisions use."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.people = User.objects.in_bulk(field_name="username")
        self.namespaces = _namespaces()
        self.repositories: dict[str, Repository] = {}
        self.threads: Threads = {}

    def load(self) -> None:
        for values in content.repositories():
            self._load_repository(values)

    def find(self, about: dict[str, Any]) -> Any:
        """The repository, discussion, comment or user that `about` names."""
        if "repository" in about:
            return self.repositories[about["repository"]]
        if "user" in about:
            return self.people[about["user"]]
        if "discussion" in about:
            address, index = about["discussion"]
            return self.threads[address][index][0]
        address, index, number = about["comment"]
        return self.threads[address][index][1][number]

    def before(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _load_repository(self, values: dict[str, Any]) -> None:
        namespace = self.namespaces[values["owner"]]
        actor = self.publisher(namespace)
        with clock.importing(self.before(values["created_days_ago"])):
            repository = create_repository(
                namespace,
                values["name"],
                kind=values["kind"],
                actor=actor,
                visibility=values["visibility"],
                gating=values["gating"],
            )
            files = {path: text.encode() for path, text in (values.get("files") or {}).items()}
            files["README.md"] = values["card"].encode()
            commit(repository, files, actor=actor, message="First version")
        self._load_activity(repository, values)
        address = f"{values['kind']}:{values['owner']}/{values['name']}"
        self.repositories[address] = repository
        self.threads[address] = [self._load_thread(repository, one) for one in values.get("discussions") or []]

    def publisher(self, namespace: Namespace) -> User:
        """Somebody who may change the files of what lies in `namespace`."""
        return self._member(namespace, EDITING_ROLES)

    def admin(self, namespace: Namespace) -> User:
        """Somebody who may change the settings of what lies in `namespace`."""
        return self._member(namespace, (OrganizationRole.ADMIN,))

    def _member(self, namespace: Namespace, roles: tuple[OrganizationRole, ...]) -> User:
        if namespace.user:
            return namespace.user
        members = Membership.objects.filter(organization=namespace.organization_id, role__in=roles)
        return members.select_related("user").order_by("pk")[0].user

    def _load_activity(self, repository: Repository, values: dict[str, Any]) -> None:
        """Likes and downloads as if they had come evenly over the repository's life, which trending then weighs."""
        fans = [user for user in self.people.values() if user != repository.created_by][: values["likes"]]
        Like.objects.bulk_create(Like(user=user, repository=repository) for user in fans)
        stored, steps = 0.0, 50
        for step in range(steps):
            at = self.before(values["created_days_ago"] * (1 - step / steps))
            weight = (values["likes"] * trending.LIKE + values["downloads"] * trending.DOWNLOAD) / steps
            stored = trending.add(stored, weight, at) if weight else stored
        Repository.objects.filter(pk=repository.pk).update(
            likes=values["likes"], downloads=values["downloads"], trending=stored
        )

    def _load_thread(self, repository: Repository, values: dict[str, Any]) -> tuple[Discussion, list[Comment]]:
        first, *others = values["comments"]
        author = self.people[values["author"]]
        with clock.importing(self.before(values["days_ago"])):
            discussion = open_discussion(repository, title=values["title"], text=first["text"], actor=author)
        comments = [discussion.comments.get()]
        for one in others:
            with clock.importing(self.before(one["days_ago"])):
                comments.append(add_comment(discussion, text=one["text"], actor=self.people[one["author"]]))
        if values["status"] == "closed":
            self._after(values, lambda: set_status(discussion, Discussion.Status.CLOSED, actor=author))
        if values.get("locked"):
            self._after(values, lambda: self.lock(discussion))
        return discussion, comments

    def lock(self, discussion: Discussion) -> None:
        """As a moderator does it: by a decision."""
        decide_on_the_spot(
            discussion,
            kind="lock_discussion",
            clause=Clause.objects.get(code="code-of-conduct"),
            explanation="The discussion went from the model to the people who made it.",
            actor=self.people["mira"],
        )

    def _after(self, values: dict[str, Any], do: Callable[[], object]) -> None:
        """Do it an hour after the last comment of a thread."""
        with clock.importing(self.before(max(values["comments"][-1]["days_ago"] - 1 / 24, 0))):
            do()


def _namespaces() -> dict[str, Namespace]:
    return {one.name: one for one in Namespace.objects.select_related("user", "organization")}
