from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _

from community.actions import limits
from community.models import Discussion, Limit
from moderation.sanctions.measures.base import MeasureKind
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject


class DiscussionLimit(MeasureKind):
    """A measure that closes or locks a discussion, beside what its opener and the owner chose (E4)."""

    subject_kinds = frozenset({"discussion"})
    chooses_end = True
    limit_kind: ClassVar[Limit.Kind]

    def applies_to(self, subject: Subject) -> bool:
        """What is merged is over."""
        return super().applies_to(subject) and subject.target.status != Discussion.Status.MERGED

    def apply(self, measure: Measure) -> None:
        discussion = measure.subject.target
        measure.limit = limits.limit(discussion, self.limit_kind, actor=measure.actor, ends_at=measure.ends_at)

    def apply_all(self, measures: Sequence[Measure]) -> None:
        first = measures[0]
        discussions = [one.subject.target for one in measures]
        made = limits.limit_all(discussions, self.limit_kind, actor=first.actor, ends_at=first.ends_at)
        for one in measures:
            one.limit = made[one.subject.target.pk]

    def undo(self, measure: Measure) -> None:
        assert measure.limit is not None
        limits.lift_limit(measure.limit, actor=measure.lifted_by or measure.actor)

    def undo_all(self, measures: Sequence[Measure]) -> None:
        standing = [one.limit for one in measures if one.limit]
        limits.lift_limits(standing, actor=measures[0].lifted_by or measures[0].actor)

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        assert measure.limit is not None
        limits.change_end(measure.limit, ends_at=ends_at, actor=measure.actor)

    @abstractmethod
    def effect(self) -> str:
        """What it means, in the active language, whenever it ends."""

    def consequence(self, measure: Measure) -> str:
        return self.until(measure, self.effect())

    def what_would_lift_it(self, measure: Measure) -> str:
        if measure.ends_at is not None:
            return _("It ends by itself at its time, or before that when you contest it and we agree.")
        return _("We lift it when you contest it and we agree.")
