from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
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
    weight = 2
    judges = False
    logged = True

    @property
    def help(self) -> str:
        return _("Hidden until one of us has looked; no judgement.")

    def apply(self, measure: Measure) -> None:
        repository = measure.subject.repository
        if repository is None:
            self._hold_until_last(measure, measure.ends_at)
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
        elif _others(measure).exists():
            self._hold_until_last(measure)
        else:
            holding.end_hold(held_comment(measure.subject), actor=actor)

    def undo_all(self, measures: Sequence[Measure]) -> None:
        """The same for many: a comment that is still held by another one goes on for as long as that."""
        actor = measures[0].lifted_by or measures[0].actor
        restrictions.lift_all([one.restriction for one in measures if one.restriction], actor=actor)
        about = [one.subject for one in measures if not one.restriction]
        comments = _held_comments(about)
        still = _standing_on(comments)
        holding.end_all_holds([one for one in comments if one.pk not in still], actor=actor)
        for one in comments:
            if one.pk in still:
                holding.hold(one, actor=system_actor(), ends_at=_last(still[one.pk]))

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        if measure.restriction:
            restrictions.change_end(measure.restriction, ends_at=ends_at, actor=measure.actor)
        else:
            self._hold_until_last(measure, ends_at)

    def _hold_until_last(self, measure: Measure, *ends: datetime | None) -> None:
        """Hide the comment until the last of these `ends` and those of other holds; for good where one has none."""
        moments = [*ends, *_others(measure).values_list("ends_at", flat=True)]
        holding.hold(held_comment(measure.subject), actor=system_actor(), ends_at=_last(moments))

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

    def scope(self, measure: Measure) -> str:
        if measure.subject.repository_id:
            return _("one file: the card of %(name)s") % {"name": measure.subject.name}
        if measure.subject.discussion_id:
            return _("what opens the discussion “%(title)s”") % {"title": measure.subject.name}
        return super().scope(measure)

    def what_would_lift_it(self, measure: Measure) -> str:
        return _("We look at it and show it again, or decide.")


def held_comment(subject: Subject) -> Comment:
    """The comment that a hold of `subject` hides: itself, or what opens the discussion."""
    comment: Comment = subject.comment or subject.target.comments.get(position=1)
    return comment


def _held_comments(subjects: Sequence[Subject]) -> list[Comment]:
    """The same for many; a query for those that are discussions."""
    opened = [one.discussion_id for one in subjects if one.discussion_id]
    found = {one.comment.pk: one.comment for one in subjects if one.comment}
    opening = Comment.objects.filter(discussion__in=opened, position=1).select_related("discussion") if opened else ()
    return list((found | {one.pk: one for one in opening}).values())


def _others(measure: Measure) -> QuerySet[Measure]:
    """Other standing holds of the same comment: as a comment, or as what opens its discussion."""
    comment = held_comment(measure.subject)
    here = Q(subject__comment=comment)
    if comment.position == 1:
        here |= Q(subject__discussion=comment.discussion_id)
    return Measure.objects.standing().filter(here, kind=Measure.Kind.HOLD).exclude(pk=measure.pk)


def _standing_on(comments: Sequence[Comment]) -> dict[int, list[datetime | None]]:
    """By the ids of those of `comments` that are held, the ends of every standing hold of each; one query."""
    opening = {one.discussion_id: one.pk for one in comments if one.position == 1}
    here = Q(subject__comment__in=[one.pk for one in comments]) | Q(subject__discussion__in=opening)
    rows = Measure.objects.standing().filter(here, kind=Measure.Kind.HOLD)
    ends: dict[int, list[datetime | None]] = defaultdict(list)
    for comment, discussion, end in rows.values_list("subject__comment", "subject__discussion", "ends_at"):
        ends[comment or opening[discussion]].append(end)
    return ends


def _last(ends: Sequence[datetime | None]) -> datetime | None:
    """The last of these ends; None, which is for good, where one has none."""
    known = [one for one in ends if one is not None]
    return max(known) if len(known) == len(ends) else None
