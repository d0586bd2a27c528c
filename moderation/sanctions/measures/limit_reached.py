from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from community.models import Discussion
from moderation.sanctions.measures.base import Consequence, SanctionOnPerson
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subjects_of
from moderation.subjects.models import Subject

# Of an account: how many of the discussions that are going on are closed, the latest ones.
MOST_CLOSED = 20


class LimitReached(SanctionOnPerson):
    """A written warning with consequences that whoever decides chooses; what comes next is deactivation (F2).

    It holds nothing itself. Each consequence is a measure of its own kind that points to it, with its own end: so it is
    enforced, shown, counted and lifted as every other of its kind. What is closed or hidden is the person's own.
    """

    code = Measure.Kind.LIMIT_REACHED
    weight = 4
    step = 1
    only_words = True
    brings = {
        Consequence.HIDE: Measure.Kind.HIDE_COMMENT,
        Consequence.CLOSE: Measure.Kind.CLOSE_DISCUSSION,
        Consequence.BAN: Measure.Kind.POSTING_BAN,
    }

    @property
    def help(self) -> str:
        return _("Private words with consequences that you choose; if it goes on, we deactivate.")

    def consequences_for(self, subject: Subject) -> list[Consequence]:
        if not self.applies_to(subject):
            return []
        hides = [Consequence.HIDE] if subject.comment_id or subject.discussion_id else []
        closes = [Consequence.CLOSE] if _own_discussions(subject) else []
        return [*hides, *closes, Consequence.BAN]

    def parts(self, subject: Subject, chosen: Sequence[str]) -> list[tuple[str, Subject]]:
        found = [(self.brings[Consequence.HIDE], subject)] if Consequence.HIDE in chosen else []
        if Consequence.CLOSE in chosen:
            found += [(self.brings[Consequence.CLOSE], one) for one in subjects_of(_own_discussions(subject))]
        if Consequence.BAN in chosen:
            found.append((self.brings[Consequence.BAN], subject))
        return [(str(kind), about) for kind, about in found]

    def apply(self, measure: Measure) -> None:
        pass

    def undo(self, measure: Measure) -> None:
        pass

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        pass

    def consequence(self, measure: Measure) -> str:
        return _(
            "You have reached the limit. This is a warning with consequences, and we name each of them here. If it "
            "goes on, we deactivate your posting in community tabs for good."
        )

    def what_would_lift_it(self, measure: Measure) -> str:
        return ""


def _own_discussions(subject: Subject) -> list[Discussion]:
    """The discussions that the person opened and that it is about, by ascending id: locks are taken in this order.

    Of a comment the one it stands in, of an account those that are going on.
    """
    author = subject.author
    if subject.comment_id or subject.discussion_id:
        place: Discussion = subject.target.discussion if subject.comment_id else subject.target
        own = author is not None and place.author_id == author.pk
        return [place] if own and place.status != Discussion.Status.MERGED else []
    if not subject.user_id:
        return []
    going_on = (Discussion.Status.OPEN, Discussion.Status.DRAFT)
    rows = Discussion.objects.filter(author=author, status__in=going_on, origin=Discussion.Origin.PERSON)
    return sorted(rows.order_by("-active_at", "-pk")[:MOST_CLOSED], key=lambda one: one.pk)
