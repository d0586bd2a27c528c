"""The months that a transparency report counts (J2).

Whole months that are over, and nothing finer: whoever could watch a count grow, or ask for a single day, would learn
when somebody filed a confidential report (C2).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from foundation.errors import Refused

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
# How many months are offered to choose from, and counted when nobody chose.
OFFERED, USUAL = 24, 3


@dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    def plus(self, months: int) -> "Month":
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)


@dataclass(frozen=True)
class Period:
    """From the beginning of `first` to the end of `last`, both whole months in UTC."""

    first: Month
    last: Month

    @property
    def start(self) -> datetime:
        return self.first.start

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.last.plus(1).start

    def of(self, field: str) -> dict[str, datetime]:
        """The condition that the moment in `field` lies within."""
        return {f"{field}__gte": self.start, f"{field}__lt": self.end}


def months_over(now: datetime) -> list[Month]:
    """The last months that are over at `now`, newest first."""
    present = Month(now.astimezone(UTC).year, now.astimezone(UTC).month)
    return [present.plus(-back) for back in range(1, OFFERED + 1)]


def period_of(query: QueryDict, now: datetime) -> Period:
    """The period that `from` and `to` ask for; the last three whole months where they are missing.

    Raises Refused (400) for what is no month, is not over at `now`, or ends before it begins.
    """
    newest = months_over(now)[0]
    last = _month(query.get("to")) or newest
    first = _month(query.get("from")) or min(last.plus(1 - USUAL), last)
    if last > newest:
        raise Refused(_("We count whole months, and this one is not over yet. Choose an earlier one."), status=400)
    if first > last:
        raise Refused(_("The first month comes after the last one. Please choose again."), status=400)
    return Period(first, last)


def _month(text: str | None) -> Month | None:
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if found is None:
        raise Refused(_("Write a month like this: 2026-10."), status=400)
    return Month(int(found[1]), int(found[2]))
