"""The list of a repository's discussions: what its address narrows it to, in which order, how many there are (B1)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.queries import people_named
from community.actions.state import MOST_PINNED
from community.models import Discussion
from community.searching import LONGEST, SHORTEST, matching
from foundation.pages import Page, page
from repositories.models import Repository

PAGE = 30
MOST_COUNTED = 999

Status = Discussion.Status
# By their parameter in the address. As the hub's client knows them: what is open includes drafts.
STATUSES = {
    "open": (Status.OPEN, Status.DRAFT),
    "closed": (Status.CLOSED, Status.MERGED),
    "merged": (Status.MERGED,),
    "all": tuple(Status),
}
KINDS: dict[str, str | Promise] = {
    "all": _("Everything"),
    "discussion": _("Discussions"),
    "pull_request": _("Pull requests"),
}
ORIGINS: dict[str, str | Promise] = {"all": _("Everybody"), "team": _("Reports and the team")}
# Each walks an index of its own.
ORDERS: dict[str, str | Promise] = {"newest": _("Newest first"), "active": _("Last active first")}
KEYSETS = {"newest": ("-number",), "active": ("-active_at", "-id")}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; what it says that is none of ours counts as if it were not there."""

    status: str = "open"
    kind: str = "all"
    author: str = ""
    origin: str = "all"
    order: str = "newest"
    text: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Wanted":
        """Whoever searches without saying more finds what is closed too."""
        text = query.get("q", "").strip()[:LONGEST]
        status = query.get("status", "")
        kind, origin, order = query.get("kind", ""), query.get("origin", ""), query.get("order", "")
        return cls(
            status=status if status in STATUSES else "all" if text else "open",
            kind=kind if kind in KINDS else "all",
            author=query.get("author", "").strip().removeprefix("@")[:96],
            origin=origin if origin in ORIGINS else "all",
            order=order if order in ORDERS else "newest",
            text=text,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether it is another list than the one that the tab begins with; the order aside."""
        return self != Wanted(order=self.order)

    @property
    def is_too_short(self) -> bool:
        """Whether nearly everything would match what is searched for."""
        return 0 < len(self.text) < SHORTEST

    def of_any_status(self, rows: QuerySet[Discussion]) -> QuerySet[Discussion]:
        """Those of `rows` that are wanted, but for their status and the search."""
        where = Q()
        if self.kind != "all":
            where &= Q(is_pull_request=self.kind == "pull_request")
        if self.author:
            where &= Q(author__in=people_named([self.author.lower()]))
        if self.origin == "team":
            where &= ~Q(origin=Discussion.Origin.PERSON)
        return rows.filter(where)


@dataclass(frozen=True)
class Counts:
    """How many discussions are open and how many are over: "999+" for more."""

    open: str
    closed: str


def listed(rows: QuerySet[Discussion], repository: Repository, wanted: Wanted, query: QueryDict) -> Page[Discussion]:
    """The page of `rows` of `repository` that `wanted` and the parameter `after` ask for; one query.

    What is pinned stands above the list that is not narrowed, and so is not in it.
    """
    rows = wanted.of_any_status(rows)
    if wanted.status != "all":
        rows = rows.filter(status__in=STATUSES[wanted.status])
    if wanted.text:
        rows = rows.filter(pk__in=matching(repository, wanted.text))
    if not wanted.is_narrowed:
        rows = rows.filter(pinned_at=None)
    return page(rows, query, order=KEYSETS[wanted.order], size=PAGE)


def pinned(rows: QuerySet[Discussion]) -> list[Discussion]:
    """Those of `rows` that the owner side or the team pinned, the last one first."""
    return list(rows.filter(pinned_at__isnull=False).order_by("-pinned_at", "-pk")[:MOST_PINNED])


def counts(rows: QuerySet[Discussion], wanted: Wanted) -> Counts:
    """How many of `rows` are wanted, whatever they say; two queries, which stop counting early."""
    rows = wanted.of_any_status(rows).select_related(None).order_by()
    return Counts(open=_count(rows, "open"), closed=_count(rows, "closed"))


def _count(rows: QuerySet[Discussion], status: str) -> str:
    count = rows.filter(status__in=STATUSES[status])[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
