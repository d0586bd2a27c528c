"""Conditions and requests for access, a release in stages, and pull requests of the demo hub."""

from typing import Any

from accounts.models import User
from community.pull_requests import merge_pull_request, open_pull_request
from demo import content
from demo.hub import Hub
from foundation import clock
from repositories import git
from repositories.actions.conditions import set_conditions
from repositories.actions.gating import ask_access, handle
from repositories.actions.release import begin_stage, plan_release
from repositories.gating import Field, conditions_of
from repositories.models import Repository
from repositories.steps import Step


def load_releases(hub: Hub) -> None:
    """What demo/content/release.yaml says, through the actions, oldest first where it matters."""
    values = content.read("release.yaml")
    for one in values["conditions"]:
        _load_conditions(hub, one)
    _load_release(hub, values["release"])
    for one in values["pull_requests"]:
        _load_pull_request(hub, one)


def _load_conditions(hub: Hub, values: dict[str, Any]) -> None:
    repository = hub.repositories[values["repository"]]
    owner = hub.publisher(repository.namespace)
    fields = [Field(one["label"], one["type"], tuple(one.get("options", ()))) for one in values["fields"]]
    said = {name: values[name] for name in ("heading", "text", "button", "ask_again") if name in values}
    set_conditions(repository, actor=owner, fields=fields, **said)
    for one in values["requests"]:
        _load_request(hub, repository, owner, one)


def _load_request(hub: Hub, repository: Repository, owner: User, values: dict[str, Any]) -> None:
    labels = [field.label for field in conditions_of(repository).fields]
    answers = dict(zip(labels, values["answers"], strict=True))
    with clock.importing(hub.before(values["days_ago"])):
        request = ask_access(repository, answers, actor=hub.people[values["user"]])
    if status := values.get("status"):
        with clock.importing(hub.before(values["days_ago"] - 0.5)):
            handle(request, status, actor=owner, reason=values.get("reason", ""))


def _load_release(hub: Hub, values: dict[str, Any]) -> None:
    repository = hub.repositories[values["repository"]]
    owner = hub.admin(repository.namespace)
    steps = [
        Step(
            one["kind"],
            starts_at=hub.before(-one["days_ahead"]) if "days_ahead" in one else None,
            people=tuple(one.get("people", ())),
        )
        for one in values["steps"]
    ]
    plan_release(repository, steps, actor=owner)
    begin_stage(repository, values["begin"], actor=owner)


def _load_pull_request(hub: Hub, values: dict[str, Any]) -> None:
    repository = hub.repositories[values["repository"]]
    card = git.store_bytes(repository, (repository.card + values["append"]).encode())
    with clock.importing(hub.before(values["days_ago"])):
        opened = open_pull_request(
            repository,
            [git.Put("README.md", card.oid)],
            title=values["title"],
            text=values["text"],
            actor=hub.people[values["author"]],
        )
        if values.get("merged"):
            merge_pull_request(opened, actor=hub.publisher(repository.namespace))
