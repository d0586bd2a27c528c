"""How much a reporter's word weighs: the share of upheld reports, with a prior, per clause (C4, D4).

Of `decided` reports of somebody under all clauses we agreed with `upheld`. Their overall share is pulled towards one
half as firmly as by four decided reports, of which two were upheld:

    overall = (upheld + 2) / (decided + 4)

Under one clause, of d decided reports with u upheld, the share is pulled towards the overall one, again as firmly as by
four: whoever knows spam well need not know copyright, but is no stranger there either.

    reliability = (u + 4 × overall) / (d + 4)

So a newcomer weighs one half, everybody weighs more than 0 and less than 1, and every upheld report raises it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from foundation.compiled import Compiled
from moderation.reports.models import Report, ReporterRecord
from moderation.reports.people import weigh_people

PRIOR_UPHELD, PRIOR_DECIDED = 2, 4
# As many decided reports as the overall share counts under one clause.
FIRMNESS = 4
Pair = tuple[int, int]


@dataclass(frozen=True)
class Record:
    """What became of somebody's reports: under one clause, and in all; `bad_faith` counts marks in all."""

    upheld: int = 0
    decided: int = 0
    all_upheld: int = 0
    all_decided: int = 0
    bad_faith: int = 0

    @property
    def overall(self) -> float:
        """0 to 1, over all clauses."""
        return (self.all_upheld + PRIOR_UPHELD) / (self.all_decided + PRIOR_DECIDED)

    @property
    def reliability(self) -> float:
        """0 to 1, under the clause."""
        return (self.upheld + FIRMNESS * self.overall) / (self.decided + FIRMNESS)

    @property
    def percent(self) -> int:
        return round(100 * self.reliability)


def records_of(pairs: Iterable[Pair]) -> dict[Pair, Record]:
    """The record of each pair (id of a reporter, id of a clause); one query, none without pairs."""
    wanted = set(pairs)
    by_reporter = _rows({reporter for reporter, _clause in wanted})
    found = {}
    for reporter, clause in wanted:
        under = by_reporter.get(reporter, {})
        here = under.get(clause, ReporterRecord())
        found[reporter, clause] = _record(here, under)
    return found


def reliability(pairs: Iterable[Pair]) -> dict[Pair, float]:
    """The reliability of each pair (id of a reporter, id of a clause), 0 to 1; one query."""
    return {pair: record.reliability for pair, record in records_of(pairs).items()}


def reliability_from(rows: Iterable[Sequence[int]], clause_id: int) -> float:
    """The reliability under one clause of a person with these `rows` of clause, upheld, decided; no query."""
    under = {clause: (upheld, decided) for clause, upheld, decided in rows}
    every = [sum(numbers) for numbers in zip(*under.values(), strict=True)] or [0, 0]
    return Record(*under.get(clause_id, (0, 0)), *every).reliability


def record_of(reporter_id: int) -> tuple[Record, list[tuple[ReporterRecord, Record]]]:
    """The record of one person in all, and under each clause where something was decided, most first; one query."""
    rows = ReporterRecord.objects.filter(reporter=reporter_id, decided__gt=0).select_related("clause")
    under = {row.clause_id: row for row in rows.order_by("-decided", "clause__order")}
    return _record(ReporterRecord(), under), [(row, _record(row, under)) for row in under.values()]


def weight_of(reports: Iterable[Report], known: Mapping[Pair, float] | None = None) -> float:
    """What the reports of one case weigh together (D4): the sum of their people's reliability.

    Whoever seems to have reported through two accounts counts once, with the better of the two, and more reports never
    weigh less (weigh_people); reports by our screening and withdrawn ones do not count. One query, none where the
    reliabilities are `known` already, and one for `reports` that were not loaded yet.
    """
    counted = [one for one in reports if not one.by_machine and one.state != Report.State.WITHDRAWN]
    if known is None:
        known = reliability((one.reporter_id, one.clause_id) for one in counted)
    return weigh_people(counted, lambda one: known[one.reporter_id, one.clause_id])


@Compiled
def _rows_of(reporter_id: int) -> QuerySet[ReporterRecord]:
    return ReporterRecord.objects.filter(reporter=reporter_id)


def _rows(reporter_ids: set[int]) -> dict[int, dict[int, ReporterRecord]]:
    found: dict[int, dict[int, ReporterRecord]] = {}
    if reporter_ids:
        rows = ReporterRecord.objects.filter(reporter__in=reporter_ids) if len(reporter_ids) > 1 else None
        for row in _rows_of(*reporter_ids) if rows is None else rows:
            found.setdefault(row.reporter_id, {})[row.clause_id] = row
    return found


def _record(here: ReporterRecord, under: Mapping[int, ReporterRecord]) -> Record:
    return Record(
        upheld=here.upheld,
        decided=here.decided,
        all_upheld=sum(row.upheld for row in under.values()),
        all_decided=sum(row.decided for row in under.values()),
        bad_faith=sum(row.bad_faith for row in under.values()),
    )
