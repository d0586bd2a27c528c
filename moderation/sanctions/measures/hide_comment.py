from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from community.actions import holding
from moderation.sanctions.measures.base import MeasureKind
from moderation.sanctions.measures.hold import held_comment
from moderation.sanctions.models import Measure


class HideComment(MeasureKind):
    """A comment, or what opens a discussion, is hidden from everybody, beside what author and owner chose (E4)."""

    code = Measure.Kind.HIDE_COMMENT
    subject_kinds = frozenset({"discussion", "comment"})
    weight = 3
    chooses_end = True

    @property
    def help(self) -> str:
        return _("Nobody but the team reads it; what was answered stays.")

    def apply(self, measure: Measure) -> None:
        comment = held_comment(measure.subject)
        measure.hiding = holding.hide_by_decision(comment, actor=measure.actor, ends_at=measure.ends_at)

    def undo(self, measure: Measure) -> None:
        assert measure.hiding is not None
        holding.lift_decided(measure.hiding, actor=measure.lifted_by or measure.actor)

    def undo_all(self, measures: Sequence[Measure]) -> None:
        standing = [one.hiding for one in measures if one.hiding]
        holding.lift_all_decided(standing, actor=measures[0].lifted_by or measures[0].actor)

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        assert measure.hiding is not None
        holding.change_end(measure.hiding, ends_at=ends_at, actor=measure.actor)

    def consequence(self, measure: Measure) -> str:
        if measure.subject.discussion_id:
            return self.until(measure, _("Nobody can read what opens the discussion any more. The answers stay."))
        return self.until(measure, _("Nobody can read the comment any more. The discussion goes on without it."))

    def scope(self, measure: Measure) -> str:
        if measure.subject.discussion_id:
            return _("what opens the discussion “%(title)s”") % {"title": measure.subject.name}
        return super().scope(measure)

    def what_would_lift_it(self, measure: Measure) -> str:
        if measure.ends_at is not None:
            return _("It ends by itself at its time, or before that when you contest it and we agree.")
        return _("We show it again when you contest it and we agree.")
