"""The lanes of the queue: what lies in each, in which order, and how many (D4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import counts
from foundation.clock import Now
from foundation.compiled import Compiled
from foundation.pages import Page, page
from moderation.cases.models import Case, Confirmation, Event
from moderation.cases.queries import QUIET, answered, cases, claimed, open_to, ready, unclaimed
from moderation.cases.stakes import Stakes, stakes_of
from moderation.policy.models import Lane

# Lanes that every moderator has, with their titles; those of the policy stand between them under their own codes.
BEFORE = {"open": _("All that wait"), "mine": _("Mine"), "unclaimed": _("Unclaimed")}
AFTER = {
    "second": _("To confirm"),
    "appeals": _("Appeals"),
    "answered": _("Answers"),
    "waiting": _("Parked"),
    "decided": _("Decided"),
}
# What a person opted out of is left out of these, which bring cases that nobody chose (D5).
BROAD = ("open", "unclaimed")
# Of what is decided nobody counts how much there is.
UNCOUNTED = ("decided",)

BY_RANK = ("rank", "id")
# Lanes in another order.
ORDERS = {"answered": ("answered_at", "id"), "decided": ("-decided_at", "-id"), "waiting": ("parked_until", "id")}


@dataclass(frozen=True)
class Listing:
    """The cases of a lane, with the order in which an index of theirs is walked."""

    rows: QuerySet[Case]
    order: tuple[str, ...] = BY_RANK

    def map(self, change: Callable[[QuerySet[Case]], QuerySet[Case]]) -> "Listing":
        """The same with other rows."""
        return replace(self, rows=change(self.rows))

    def page(self, query: QueryDict, *, size: int) -> Page[Case]:
        """The page that `query` asks for, with what a row shows, and the present moment as `now` of each; two queries.

        The first walks an index and reads the cases alone, the second has everything of those it found.
        """
        names = [name.removeprefix("-") for name in self.order]
        found = page(self.rows.only(*names), query, order=self.order, size=size)
        shown = cases().annotate(now=Now()).in_bulk([case.pk for case in found.rows])
        return replace(found, rows=[shown[case.pk] for case in found.rows if case.pk in shown])


def named_lanes(actor: User, stakes: Stakes | None = None) -> list[Lane]:
    """The lanes of the policy that `actor` may see, first lane first; one query, and one for what keeps `actor` out."""
    own = stakes or stakes_of(actor)
    return [lane for lane in _lanes() if lane.pk not in own.closed_lanes]


@Compiled
def _lanes() -> QuerySet[Lane]:
    return Lane.objects.order_by("order")


def order_of(lane: str) -> tuple[str, ...]:
    """The columns by which a lane is in order, with a minus where it descends."""
    return ORDERS.get(lane, BY_RANK)


def in_lane(lane: str, actor: User, *, everything: bool = False, stakes: Stakes | None = None) -> Listing:
    """The cases of one lane that `actor` may see; one query, none where `stakes` are known.

    Decided ones come newest first, answers by how long they wait for a reader, parked ones by when they come back.
    `everything` brings what `actor` opted out of too. A code that is no fixed lane is one of the policy's.
    """
    own = stakes or stakes_of(actor)
    return _listing(open_to(Case.objects.all(), actor, own), lane, actor, own, everything)


def count_lanes(codes: Sequence[str], actor: User, stakes: Stakes) -> dict[str, int]:
    """How many cases lie in each of these lanes for `actor`, counted to a hundred; one statement."""
    return count([in_lane(code, actor, stakes=stakes) for code in codes], codes)


def count(listings: Sequence[Listing], names: Sequence[str]) -> dict[str, int]:
    """How many cases each of the listings has, by its name, counted to a hundred; one statement."""
    found = counts.capped([listing.rows.order_by(*listing.order) for listing in listings])
    return dict(zip(names, found, strict=True))


def changed_since(
    event_id: int, lane: str, actor: User, *, everything: bool = False, stakes: Stakes | None = None
) -> QuerySet[Case]:
    """Cases to which something happened after that event, by others than `actor`, as far as a lane is concerned."""
    events = Event.objects.filter(pk__gt=event_id).exclude(actor=actor).exclude(kind__in=QUIET)
    own = stakes or stakes_of(actor)
    rows = open_to(Case.objects.filter(pk__in=events.order_by().values("case")), actor, own)
    if lane in BROAD and not everything and own.opted_out:
        rows = rows.exclude(clause__in=own.opted_out)
    return rows.filter(_concerned(lane, actor))


def _concerned(lane: str, actor: User) -> Q:
    """What news of a lane are about: who looks at open cases also hears that one was decided."""
    if lane in BROAD:
        return Q()
    fixed = {
        "mine": Q(assignee=actor),
        "second": Q(parked=Case.Parked.SECOND),
        "waiting": ~Q(parked=""),
        "appeals": Q(kind=Case.Kind.APPEAL),
        "answered": Q(state=Case.State.DECIDED, answered_at__isnull=False),
        "decided": Q(state=Case.State.DECIDED),
    }
    return fixed.get(lane, Q(lane__code=lane))


def _listing(seen: QuerySet[Case], lane: str, actor: User, stakes: Stakes, everything: bool) -> Listing:
    """`seen` as far as it lies in `lane`."""
    if lane == "answered":
        return Listing(answered(seen), order=ORDERS[lane])
    if lane == "decided":
        return Listing(seen.filter(state=Case.State.DECIDED), order=ORDERS[lane])
    if lane == "waiting":
        return Listing(seen.filter(state=Case.State.OPEN, parked_until__gt=Now()), order=ORDERS[lane])
    if lane == "mine":
        return Listing(claimed(seen.filter(state=Case.State.OPEN), actor))
    if lane == "second":
        waiting = Confirmation.objects.filter(state=Confirmation.State.WAITING).exclude(first_decider=actor)
        return Listing(seen.filter(state=Case.State.OPEN, pk__in=waiting.values("decision__case")))
    waits = ready(seen)
    if lane in BROAD and not everything and stakes.opted_out:
        waits = waits.exclude(clause__in=stakes.opted_out)
    if lane == "open":
        return Listing(waits)
    if lane == "unclaimed":
        return Listing(unclaimed(waits))
    if lane == "appeals":
        return Listing(waits.filter(kind=Case.Kind.APPEAL))
    # A subquery, not a join: what is held equal is known before the walk of the index begins.
    return Listing(waits.filter(lane=Lane.objects.filter(code=lane).values("pk")[:1]))
