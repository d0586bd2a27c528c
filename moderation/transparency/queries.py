"""The public log of a repository (J2)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from moderation.appeals.wording import MeasureLine, line
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure
from repositories.models import Repository


@dataclass(frozen=True)
class LogLine(MeasureLine):
    """What everybody may read about a measure on a repository.

    For a `confidential` clause, and for a hold, the page says “restricted”, since when, whether it holds, and nothing
    more (E3).
    """

    confidential: bool

    @property
    def reason(self) -> str:
        """The words that stood on the repository's page, not those that only its owner got."""
        assert self.measure.restriction is not None
        return _(self.measure.restriction.reason)


def log_of(repository: Repository) -> QuerySet[Measure]:
    """Measures that restrict `repository`, newest first. Sanctions on people are private and never among them."""
    rows = Measure.objects.filter(subject__repository=repository, restriction__isnull=False, person=None)
    return rows.select_related("clause", "restriction", "discussion").order_by("-starts_at", "-id")


def log_line(measure: Measure, now: datetime) -> LogLine:
    """A measure of `log_of` as everybody may read it at `now`."""
    confidential = measure.clause.publicity == Clause.Publicity.NO or measure.kind == Measure.Kind.HOLD
    return LogLine(measure, line(measure, now).state, confidential)
