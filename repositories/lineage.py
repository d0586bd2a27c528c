"""Where an artifact comes from, and what was made from it, as the cards say (A9)."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Lower

from repositories.access import Viewer, seen_by
from repositories.models import Kind, Repository
from repositories.queries import listed_for

SHOWN = 10
MOST = 1_000
# Which column of a model names a repository of this kind.
NAMED_IN = {Kind.MODEL: "base_models", Kind.DATASET: "datasets"}


@dataclass(frozen=True)
class Origin:
    """What a card names, and the repository that this is here; None where there is none, or none for this viewer."""

    name: str
    repository: Repository | None


@dataclass(frozen=True)
class Lineage:
    """Ten names at most of each; `built_on_it` counts the models that lists show the viewer, up to 1,000."""

    bases: list[Origin]
    datasets: list[Origin]
    left_out: int
    built_on_it: int
    more: bool


def lineage_of(repository: Repository, viewer: Viewer) -> Lineage:
    """Origins and descendants of a repository; a query for the origins that its card names, one for the descendants."""
    bases, datasets = repository.base_models[:SHOWN], repository.datasets[:SHOWN]
    known = _known({Kind.MODEL: bases, Kind.DATASET: datasets}, viewer)
    count = _built_on(repository, viewer)
    return Lineage(
        bases=[Origin(name, known.get((Kind.MODEL, name.lower()))) for name in bases],
        datasets=[Origin(name, known.get((Kind.DATASET, name.lower()))) for name in datasets],
        left_out=len(repository.base_models) + len(repository.datasets) - len(bases) - len(datasets),
        built_on_it=min(count, MOST),
        more=count > MOST,
    )


def _known(names: dict[Kind, list[str]], viewer: Viewer) -> dict[tuple[str, str], Repository]:
    """Those of the names that are repositories `viewer` sees, by kind and name in lower case."""
    wanted = []
    for kind, some in names.items():
        for name in some:
            owner, slash, rest = name.lower().partition("/")
            if slash:
                wanted.append(Q(kind=kind, lower_owner=owner, lower_name=rest))
    if not wanted:
        return {}
    rows = Repository.objects.alias(lower_owner=Lower("namespace__name"), lower_name=Lower("name"))
    found = (
        rows.filter(reduce(or_, wanted))
        .filter(seen_by(viewer))
        .select_related("namespace")
        .only("kind", "name", "namespace__name")
    )
    return {(row.kind, row.full_name.lower()): row for row in found}


def _built_on(repository: Repository, viewer: Viewer) -> int:
    column = NAMED_IN.get(Kind(repository.kind))
    if column is None:
        return 0
    rows = listed_for(viewer).filter(kind=Kind.MODEL, **{f"{column}__contains": [repository.full_name]})
    return rows.order_by()[: MOST + 1].count()
