"""The public log of a repository (J2)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from moderation.appeals.wording import MeasureLine, line
from moderation.policy.models import Clause
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from repositories.models import Repository


@dataclass(frozen=True)
class LogLine(MeasureLine):
    """What everybody may read about a measure on a repository.

    For a `confidential` clause, and for a hold, the page says “restricted”, since when, whether it holds, and nothing
    more (E3).
    """

    confidential: bool = False

    @property
    def title(self) -> str:
        """What it is, as far as everybody may read it."""
        return _("Restricted") if self.confidential else KINDS[self.measure.kind].public_state(self.measure)

    @property
    def ends_at(self) -> datetime | None:
        """When it is over by itself; of a confidential one that holds nobody reads it here."""
        return None if self.confidential and self.state == "holds" else super().ends_at

    @property
    def what_would_lift_it(self) -> str:
        """Of one that holds: what would have to happen for it to hold no more (J2)."""
        return KINDS[self.measure.kind].what_would_lift_it(self.measure) if self.state == "holds" else ""

    @property
    def reason(self) -> str:
        """The words that stood on the repository's page, not those that only its owner got."""
        if self.measure.restriction is None:  # it restricts nothing: we asked for something in public
            return "" if self.confidential else self.measure.reason
        return _(self.measure.restriction.reason)


def log_of(repository: Repository) -> QuerySet[Measure]:
    """What we did about `repository`, newest first. Sanctions on people are private and never among them.

    Neither is what we asked its owner under a confidential clause: nothing is restricted by that, and nothing said.
    """
    logged = [kind.code for kind in KINDS.values() if kind.logged and not kind.asks]
    asked = [kind.code for kind in KINDS.values() if kind.logged and kind.asks]
    public = Q(kind__in=logged) | (Q(kind__in=asked) & ~Q(clause__publicity=Clause.Publicity.NO))
    rows = Measure.objects.filter(public, subject__repository=repository)
    return rows.select_related("clause", "restriction", "discussion").order_by("-starts_at", "-id")


def log_line(measure: Measure, now: datetime) -> LogLine:
    """A measure of `log_of` as everybody may read it at `now`."""
    # Of what waits for a second moderator, or was taken back before it was final, the page said no more either (D1).
    quiet = measure.restriction is not None and measure.restriction.confidential
    confidential = quiet or KINDS[measure.kind].confidential(measure)
    return LogLine(measure, line(measure, now).state, confidential=confidential)
