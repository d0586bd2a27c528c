"""Repositories in the words of the protocol."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from hub.errors import HubError
from repositories import trending
from repositories.models import Gating, Repository, Visibility

# Everything a client may ask for with `expand`; what is in neither FIELDS nor EXTRAS lists do not know.
EXPANDABLE = frozenset({
    "author", "baseModels", "cardData", "childrenModelCount", "citation", "config", "createdAt", "datasets",
    "description", "disabled", "downloads", "downloadsAllTime", "evalResults", "gated", "gguf", "inference",
    "inferenceProviderMapping", "lastModified", "library_name", "likes", "mainSize", "mask_token",
    "model-index", "models", "paperswithcode_id", "pipeline_tag", "private", "region", "resourceGroup", "runtime",
    "safetensors", "sdk", "sha", "siblings", "spaces", "subdomain", "tags", "transformersInfo", "trendingScore",
    "usedStorage", "widgetData", "xetEnabled",
})  # fmt: skip
# Keys of front matter that the client's own constructor takes: with them in a card, it would crash.
_CLIENTS_OWN = frozenset({"self", "ignore_metadata_errors"})


def moment(at: datetime) -> str:
    """An ISO date that ends in Z: the client refuses any other offset."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tags(repository: Repository) -> list[str]:
    license_tag = [f"license:{repository.license}"] if repository.license else []
    return [*repository.tags, *repository.languages, *license_tag]


def _card(repository: Repository) -> dict[str, Any]:
    values = {"license": repository.license, "tags": repository.tags, "language": repository.languages}
    return {name: value for name, value in values.items() if value}


def matter(repository: Repository) -> dict[str, Any]:
    """The whole front matter of the card."""
    return {name: value for name, value in repository.matter.items() if name not in _CLIENTS_OWN}


def _trending(repository: Repository, now: datetime) -> float:
    """Recent likes and downloads, each worth half after a week."""
    if not repository.trending:
        return 0.0
    score: float = 2.0 ** (repository.trending - (now - trending.EPOCH) / trending.HALF_LIFE)
    return round(score, 3)


FIELDS: dict[str, Callable[[Repository, datetime], Any]] = {
    "author": lambda repository, now: repository.namespace.name,
    "sha": lambda repository, now: repository.head or None,
    "private": lambda repository, now: repository.visibility == Visibility.PRIVATE or repository.kept_private,
    "gated": lambda repository, now: False if repository.gating == Gating.NONE else repository.gating,
    "tags": lambda repository, now: _tags(repository),
    "pipeline_tag": lambda repository, now: repository.pipeline_tag or None,
    "library_name": lambda repository, now: repository.library or None,
    "likes": lambda repository, now: repository.likes,
    "downloads": lambda repository, now: repository.downloads,
    "trendingScore": _trending,
    "createdAt": lambda repository, now: moment(repository.created_at),
    "lastModified": lambda repository, now: moment(repository.updated_at),
    "cardData": lambda repository, now: _card(repository),
}
# Said only when asked for.
EXTRAS: dict[str, Callable[[Repository, datetime], Any]] = {
    "downloadsAllTime": FIELDS["downloads"],
    "baseModels": lambda repository, now: repository.base_models,
    "datasets": lambda repository, now: repository.datasets,
    "xetEnabled": lambda repository, now: False,
}


def describe(repository: Repository, *, now: datetime, disabled: bool, expand: Sequence[str] = ()) -> dict[str, Any]:
    """What a list or an info says of a repository; with `expand` only that. Raises HubError (400) for unknown names."""
    if unknown := sorted(set(expand) - EXPANDABLE):
        raise HubError(400, f"Unknown value of expand: {', '.join(unknown)[:100]}")
    known = {**FIELDS, **EXTRAS}
    values = {name: known[name](repository, now) for name in expand or FIELDS if name in known}
    if not expand or "disabled" in expand:
        values["disabled"] = disabled
    return {"id": repository.full_name, **values}
