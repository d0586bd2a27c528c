from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from moderation.sanctions.measures.base import NOT_FINAL, MeasureKind
from moderation.sanctions.models import Measure
from repositories.actions import restrictions
from repositories.models import Restriction

# The page says no more of a confidential clause (E3).
RESTRICTED = gettext_noop("We restricted this repository under our content policy.")


class Remove(MeasureKind):
    """Nothing of a repository is there any more but a notice in its place, for its owner too (E4).

    It opens no public discussion: the community tab is gone with the rest. The owner does not get the files either:
    what is removed must not be handed on (content without consent, tricks for stealing passwords). They lie untouched
    beside the restriction, so that lifting it brings everything back.
    """

    code = Measure.Kind.REMOVE
    subject_kinds = frozenset({"repository"})
    second_by_default = True
    weight = 6
    logged = True
    waits_for_owner = True
    asks_why_requests_fail = True

    @property
    def help(self) -> str:
        return _("Nothing of the repository is there any more but a notice; its owner does not get the files either.")

    def apply(self, measure: Measure) -> None:
        repository = measure.subject.repository
        assert repository is not None
        confidential = self.confidential(measure) or measure.waits
        measure.restriction = restrictions.restrict(
            repository,
            kind=Restriction.Kind.REMOVED,
            reason=NOT_FINAL if measure.waits else self._reason(measure),
            actor=measure.actor,
            ends_at=measure.ends_at,
            confidential=confidential,
        )

    def say_why(self, measure: Measure) -> None:
        assert measure.restriction is not None
        reason, confidential = self._reason(measure), self.confidential(measure)
        restrictions.change_reason(measure.restriction, reason=reason, confidential=confidential)

    def _reason(self, measure: Measure) -> str:
        return RESTRICTED if self.confidential(measure) else measure.reason

    def undo(self, measure: Measure) -> None:
        assert measure.restriction is not None
        restrictions.lift(measure.restriction, actor=measure.lifted_by or measure.actor)

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        assert measure.restriction is not None
        restrictions.change_end(measure.restriction, ends_at=ends_at, actor=measure.actor)

    def consequence(self, measure: Measure) -> str:
        return _(
            "Nobody sees this repository any more, its owner neither: its page, its files, its history and its "
            "discussions are gone from everywhere, and a short notice stands in its place. We keep all of it unchanged "
            "while this can be contested; when we lift it, everything is there again as it was."
        )

    def what_would_lift_it(self, measure: Measure) -> str:
        return _("We lift it when you contest it and we agree.")
