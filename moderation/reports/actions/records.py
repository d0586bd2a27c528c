"""Closing reports, and ReporterRecord: what is counted once is taken back exactly (C4, C7)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from foundation import changes
from foundation.models import Change
from foundation.rows import Piece, insert
from moderation.reports.models import Report, ReporterRecord

_PEOPLE = ", ".join(f"'{channel.value}'" for channel in Report.BY_PEOPLE)
# In one statement with what else a decision writes, because every decision runs it. Records are taken in the order of
# their key, so that two decisions wait for each other and never crosswise. The ids come from a SELECT, so that one plan
# serves any number of them.
_CLOSE = f"""closed AS (
    UPDATE reports_report SET state = %s, closed_at = %s
    WHERE id = ANY((SELECT %s::bigint[])::bigint[]) AND state = 'open'
    RETURNING reporter_id, clause_id, channel
), counted AS (
    INSERT INTO reports_reporterrecord AS known (reporter_id, clause_id, upheld, decided, bad_faith)
    SELECT reporter_id, clause_id, CASE WHEN %s::boolean THEN count(*) ELSE 0 END, count(*), 0
    FROM closed WHERE channel IN ({_PEOPLE})
    GROUP BY reporter_id, clause_id
    ORDER BY reporter_id, clause_id
    ON CONFLICT (reporter_id, clause_id) DO UPDATE SET
        upheld = known.upheld + excluded.upheld, decided = known.decided + excluded.decided
)"""  # noqa: S608 - codes of our own


# The same rows as closing changes, in the same order, left as they are.
_HOLD = f"""
    INSERT INTO reports_reporterrecord AS known (reporter_id, clause_id, upheld, decided, bad_faith)
    SELECT reporter_id, clause_id, 0, 0, 0 FROM reports_report
    WHERE id = ANY(%(ids)s) AND channel IN ({_PEOPLE})
    GROUP BY reporter_id, clause_id
    ORDER BY reporter_id, clause_id
    ON CONFLICT (reporter_id, clause_id) DO UPDATE SET decided = known.decided
"""  # noqa: S608 - codes of our own


def hold_records(reports: Iterable[int]) -> None:
    """Lock these reports (their ids) and the records of whoever filed them, before those of several cases are changed.

    Each case takes its own in their order; whoever decides many would otherwise take them crosswise to others.
    """
    rows = Report.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(reports)).order_by("pk")
    values: dict[str, Any] = {"ids": list(rows.values_list("pk", flat=True))}
    if values["ids"]:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, values)


def close_reports(reports: Iterable[Report], *, upheld: bool, at: datetime, actor: User) -> None:
    """Give open reports their outcome in the transaction of the decision, and count it for their reporters.

    Reports that are withdrawn or were decided before stay as they are.
    """
    reports = list(reports)
    give_outcome(reports, upheld=upheld, at=at)
    tell_judged(reports, actor=actor)


def give_outcome(reports: Iterable[Report], *, upheld: bool, at: datetime) -> None:
    """The same without telling of it; one query."""
    for piece in outcome_given(reports, upheld=upheld, at=at):
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {piece.sql} SELECT", piece.values)


def outcome_given(reports: Iterable[Report], *, upheld: bool, at: datetime) -> list[Piece]:
    """The same as a piece of the statement that writes the decision; none where there are no reports."""
    ids = [report.pk for report in reports]
    state = str(Report.State.UPHELD if upheld else Report.State.REJECTED)
    return [Piece(_CLOSE, [state, at, ids, upheld])] if ids else []


def overturn(reports: QuerySet[Report], *, at: datetime, actor: User) -> None:
    """Reports that were upheld had no ground after all: the decision on them was overturned at `at` (G2).

    Taken out of the records as upheld, and counted as decided still.
    """
    found = reports.filter(state=Report.State.UPHELD)
    rows = list(found.select_for_update(no_key=True, of=("self",)).order_by("pk").only("pk", "reporter", "channel"))
    upheld = Report.objects.filter(pk__in=[one.pk for one in rows])
    counted = upheld.filter(channel__in=Report.BY_PEOPLE).order_by("reporter", "clause").values("reporter", "clause")
    for row in counted.annotate(all=Count("pk")):
        known = ReporterRecord.objects.filter(reporter=row["reporter"], clause=row["clause"])
        known.update(upheld=F("upheld") - row["all"])
    upheld.update(state=Report.State.REJECTED, closed_at=at)
    tell_judged(rows, actor=actor)


def tell_judged(reports: Iterable[Report], *, actor: User) -> None:
    """Reports of one case got an outcome or lost it: what their people reported elsewhere weighs otherwise now (D4)."""
    for change in draft_judged(reports, actor=actor):
        insert(change)


def draft_judged(reports: Iterable[Report], *, actor: User) -> list[Change]:
    """The same as a row that is not saved yet; none where no person reported."""
    first = next((report for report in reports if not report.by_machine), None)
    return [changes.draft("reports.judged", first.pk, actor_id=actor.pk)] if first else []


def count_bad_faith(reports: Iterable[Report], *, by: int = 1) -> None:
    """Count marks that were set in this transaction on decided reports, or `by` -1 taken back, in the records."""
    for report in sorted(reports, key=lambda one: (one.reporter_id, one.clause_id)):
        known = ReporterRecord.objects.filter(reporter=report.reporter_id, clause=report.clause_id)
        known.update(bad_faith=F("bad_faith") + by)


def uncount(decided: QuerySet[Report]) -> None:
    """Take decided reports out of the records again, before they lose their outcome."""
    counted = decided.filter(channel__in=Report.BY_PEOPLE).order_by("reporter", "clause").values("reporter", "clause")
    upheld, marked = Q(state=Report.State.UPHELD), Q(bad_faith=True)
    counts = counted.annotate(all=Count("pk"), upheld=Count("pk", filter=upheld), marked=Count("pk", filter=marked))
    for row in counts:
        ReporterRecord.objects.filter(reporter=row["reporter"], clause=row["clause"]).update(
            decided=F("decided") - row["all"],
            upheld=F("upheld") - row["upheld"],
            bad_faith=F("bad_faith") - row["marked"],
        )
