from abc import abstractmethod
from datetime import UTC, datetime
from typing import ClassVar

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.posting import words_of_end
from accounts.queries import system_actor
from community.actions import open_discussion
from community.entries import note
from community.models import Discussion, DiscussionEvent
from moderation.sanctions.measures.base import MeasureKind
from moderation.sanctions.models import Measure
from repositories.actions import owner_requests
from repositories.asked import how_to
from repositories.models import Condition


class AskOwner(MeasureKind):
    """A request to the owner of a repository, made in public before anything is decided (E1).

    It restricts nothing, and is ticked off by itself when the owner does it. Under a confidential clause nothing is
    asked in public: only whoever manages the repository reads it (E3).
    """

    subject_kinds = frozenset({"repository"})
    weight = 1
    public = True
    logged = True
    asks = True
    # What it can ask for; the first is what it asks for where nothing else is chosen.
    conditions: ClassVar[tuple[Condition, ...]]

    @abstractmethod
    def public_title(self) -> str:
        """Title of the public discussion; accuses nobody."""

    def apply(self, measure: Measure) -> None:
        repository = measure.subject.repository
        assert repository is not None
        measure.until_done = measure.until_done or self.conditions[0]
        until = measure.asked_until or measure.starts_at + settings.ANSWER_WITHIN
        confidential = self.confidential(measure)
        if not confidential:
            # Everybody reads it: in the hub's language, not in that of whoever asks.
            with translation.override(settings.LANGUAGE_CODE), timezone.override(UTC):
                title, text = self.public_title(), self._opening(measure, until)
            measure.discussion = open_discussion(
                repository, title=title, text=text, actor=system_actor(), origin=Discussion.Origin.TEAM
            )
            self._say(measure, DiscussionEvent.Kind.MEASURE_TAKEN)
            note(measure.discussion, DiscussionEvent.Kind.FEEDBACK_ASKED, actor=system_actor())
        measure.owner_request = owner_requests.ask(
            repository,
            measure.until_done,
            until=until,
            actor=measure.actor,
            confidential=confidential,
            discussion=measure.discussion.number if measure.discussion else None,
        )

    def undo(self, measure: Measure) -> None:
        self._end(measure, measure.lifted_at)

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        """It ends with its case, and is asked again where the decision is taken back."""
        self._end(measure, ends_at)

    def tick(self, measure: Measure, met_at: datetime | None) -> None:
        """The owner did it at `met_at`, or (None) took it back; said where it was asked."""
        assert measure.owner_request is not None
        owner_requests.tick(measure.owner_request, met_at=met_at, actor=system_actor())
        self._say(measure, DiscussionEvent.Kind.REQUEST_MET if met_at else DiscussionEvent.Kind.REQUEST_UNMET)

    def consequence(self, measure: Measure) -> str:
        return _("Nothing is restricted by it. %(how)s") % {"how": how_to(measure.until_done or self.conditions[0])}

    def duration(self, measure: Measure) -> str:
        return _("until it is done, or the matter is decided")

    def what_would_lift_it(self, measure: Measure) -> str:
        return _("The owner does what is asked: then it is ticked off by itself.")

    def _end(self, measure: Measure, at: datetime | None) -> None:
        assert measure.owner_request is not None
        owner_requests.end(measure.owner_request, at=at, actor=measure.lifted_by or measure.actor)
        # What is done is said there already.
        if measure.owner_request.met_at is None:
            self._say(measure, DiscussionEvent.Kind.MEASURE_LIFTED if at else DiscussionEvent.Kind.MEASURE_TAKEN)

    def _opening(self, measure: Measure, until: datetime) -> str:
        parts = [
            _("We ask the owner of this repository to do this until %(date)s, %(time)s (%(zone)s):")
            % words_of_end(until),
            f"**{how_to(measure.until_done)}**",
            measure.reason,
            _("Clause: %(clause)s.") % {"clause": _(measure.clause.title)},
            _("Nothing is decided and nothing restricted by this. When it is done, it is ticked off here by itself."),
            _("What do you think? Answers here reach the team."),
        ]
        return "\n\n".join(str(part) for part in parts)

    def _say(self, measure: Measure, kind: DiscussionEvent.Kind) -> None:
        if measure.discussion is not None:
            note(measure.discussion, kind, actor=system_actor(), data={"measure": measure.kind})
