from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.queries import system_actor
from community.actions import holding
from community.models import Comment
from moderation.sanctions.measures.base import MeasureKind
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject
from repositories.actions import restrictions
from repositories.models import Restriction

# The page says no more, whatever it was reported for: a hold is no judgement.
REASON = gettext_noop("Somebody asked us to look at it. Nothing is decided, and nobody is accused.")


class Hold(MeasureKind):
    """Hidden until the team has looked: a comment, what opens a discussion, or a card; never files or access (E4, C6).

    It opens no public discussion, and leaves no trace where it was once it is lifted.
    """

    code = Measure.Kind.HOLD
    subject_kinds = frozenset({"repository", "discussion", "comment"})

    def apply(self, measure: Measure) -> None:
        repository = measure.subject.repository
        if repository is None:
            holding.hold(held_comment(measure.subject), actor=system_actor(), ends_at=measure.ends_at)
            return
        measure.restriction = restrictions.restrict(
            repository,
            kind=Restriction.Kind.CARD_HELD,
            reason=REASON,
            actor=measure.actor,
            ends_at=measure.ends_at,
        )

    def undo(self, measure: Measure) -> None:
        actor = measure.lifted_by or measure.actor
        if measure.restriction:
            restrictions.lift(measure.restriction, actor=actor)
        elif not _still_held(measure):
            holding.end_hold(held_comment(measure.subject), actor=actor)

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        if measure.restriction:
            restrictions.change_end(measure.restriction, ends_at=ends_at, actor=measure.actor)
        else:
            holding.hold(held_comment(measure.subject), actor=system_actor(), ends_at=ends_at)

    def consequence(self, measure: Measure) -> str:
        if measure.subject.repository_id:
            return _(
                "Nobody but the owner’s side can read the card for now. The files, the discussions and everything else "
                "stay as they are. When we have looked, we show it again or tell you what we decided."
            )
        if measure.subject.discussion_id:
            return _(
                "Nobody can read what opens the discussion for now; the answers stay. When we have looked, we show it "
                "again or tell you what we decided."
            )
        return _(
            "Nobody can read the comment for now. When we have looked, we show it again or tell you what we decided."
        )


def held_comment(subject: Subject) -> Comment:
    """The comment that a hold of `subject` hides: itself, or what opens the discussion."""
    comment: Comment = subject.comment or subject.target.comments.get(position=1)
    return comment


def _still_held(measure: Measure) -> bool:
    """Whether another standing hold hides the same comment: as a comment, or as what opens its discussion."""
    comment = held_comment(measure.subject)
    holds = Measure.objects.standing().filter(kind=Measure.Kind.HOLD).exclude(pk=measure.pk)
    if holds.filter(subject__comment=comment).exists():
        return True
    return comment.position == 1 and holds.filter(subject__discussion=comment.discussion_id).exists()
