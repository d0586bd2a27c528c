from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from django.utils.translation import gettext as _

from accounts.actions import posting
from accounts.models import PostingRestriction
from accounts.posting import words_of_end
from moderation.sanctions.measures.base import NOT_FINAL, SanctionOnPerson
from moderation.sanctions.models import Measure


class PostingBan(SanctionOnPerson):
    """No posting in community tabs, for 48 hours or until a chosen end; ends by itself, whatever is down (F2, F5)."""

    code = Measure.Kind.POSTING_BAN
    weight = 3
    step = 1
    chooses_end = True
    lasts: ClassVar[timedelta | None] = timedelta(hours=48)
    restriction_kind = PostingRestriction.Kind.POSTING_BAN

    @property
    def help(self) -> str:
        return _("No posting in community tabs for a time; it ends by itself.")

    def apply(self, measure: Measure) -> None:
        assert measure.person is not None
        measure.posting_restriction = posting.restrict(
            measure.person,
            kind=self.restriction_kind,
            reason=NOT_FINAL if measure.waits else measure.reason,
            starts_at=measure.starts_at,
            ends_at=measure.ends_at,
            actor=measure.actor,
        )

    def say_why(self, measure: Measure) -> None:
        assert measure.posting_restriction is not None
        posting.change_reason(measure.posting_restriction, reason=measure.reason)

    def undo(self, measure: Measure) -> None:
        assert measure.posting_restriction is not None
        posting.lift(measure.posting_restriction, actor=measure.lifted_by or measure.actor)

    def undo_all(self, measures: Sequence[Measure]) -> None:
        standing = [one.posting_restriction for one in measures if one.posting_restriction]
        posting.lift_all(standing, actor=measures[0].lifted_by or measures[0].actor)

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        assert measure.posting_restriction is not None
        posting.change_end(measure.posting_restriction, ends_at=ends_at, actor=measure.actor)

    def consequence(self, measure: Measure) -> str:
        assert measure.ends_at is not None
        words = _(
            "You cannot post in community tabs for now. You can post again on %(date)s, %(time)s (%(zone)s). "
            "Reading, reporting, contesting this and changing your own repositories stay open to you. "
            "If it goes on, we may deactivate your posting for good."
        )
        return words % words_of_end(measure.ends_at)

    def what_would_lift_it(self, measure: Measure) -> str:
        return _("It ends by itself at its time, or before that when you contest it and we agree.")
