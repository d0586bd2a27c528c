"""Trusted flaggers and what they are measured by: how often we agreed with them, and how fast we answered."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from moderation.reports.models import Report, TrustedFlagger

# Two standard deviations to each side: 95 of 100 such intervals hold the true share.
_Z = 1.96


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class FlaggerRecord:
    """What became of the reports that came in as those of one trusted flagger."""

    filed: int = 0
    decided: int = 0
    upheld: int = 0
    bad_faith: int = 0
    median: timedelta | None = None

    @property
    def share(self) -> float | None:
        """Upheld of decided, 0 to 1; None before anything was decided."""
        return self.upheld / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies, with a confidence of 95 % (Wilson's score interval)."""
        return wilson(self.upheld, self.decided)


def wilson(hits: int, all_: int) -> tuple[float, float]:
    """The score interval of a share, 0 to 1, with a confidence of 95 %; everything is possible before the first."""
    if not all_:
        return 0.0, 1.0
    share, square = hits / all_, _Z * _Z
    middle = share + square / (2 * all_)
    spread = _Z * math.sqrt(share * (1 - share) / all_ + square / (4 * all_ * all_))
    whole = 1 + square / all_
    # The share itself lies within, whatever the rounding of floats says at its ends.
    return min(share, max(0.0, (middle - spread) / whole)), max(share, min(1.0, (middle + spread) / whole))


def flaggers() -> QuerySet[TrustedFlagger]:
    """Everybody who is or was one, the newest appointment first, with their clauses; two queries."""
    return TrustedFlagger.objects.select_related("user").prefetch_related("clauses").order_by("-since", "-id")


def records_of_flaggers(people: Iterable[int]) -> dict[int, FlaggerRecord]:
    """The record of each of these users, from the reports that were filed as a trusted flagger's; one query.

    The median is from the report to the decision about it.
    """
    decided = Q(state__in=(Report.State.UPHELD, Report.State.REJECTED))
    took = ExpressionWrapper(F("closed_at") - F("created_at"), DurationField())
    rows: Any = (
        Report.objects.filter(reporter__in=list(people), trusted=True)
        .order_by()
        .values("reporter")
        .annotate(
            filed=Count("pk"),
            decided=Count("pk", filter=decided),
            upheld=Count("pk", filter=Q(state=Report.State.UPHELD)),
            marked=Count("pk", filter=Q(bad_faith=True)),
            median=Median(took, filter=decided),
        )
    )
    return {
        row["reporter"]: FlaggerRecord(row["filed"], row["decided"], row["upheld"], row["marked"], row["median"])
        for row in rows
    }
