from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.queries import system_actor
from community.actions import add_comment, open_discussion, rename
from community.entries import note, say_in_all
from community.models import Discussion, DiscussionEvent
from moderation.sanctions.measures.base import NOT_FINAL, MeasureKind
from moderation.sanctions.models import Measure
from repositories.actions import restrictions
from repositories.models import Restriction


class RepositoryRestriction(MeasureKind):
    """A measure that restricts a repository and opens a public discussion about it (E3)."""

    subject_kinds = frozenset({"repository"})
    public = True
    logged = True
    waits_for_owner = True
    restriction_kind: ClassVar[Restriction.Kind]

    @abstractmethod
    def public_title(self) -> str:
        """Title of the public discussion; accuses nobody."""

    @abstractmethod
    def effect(self) -> str:
        """What it means, in the active language, whenever it ends."""

    def consequence(self, measure: Measure) -> str:
        if measure.until_done:
            return " ".join((self.effect(), self.what_would_lift_it(measure)))
        return self.until(measure, self.effect())

    def apply(self, measure: Measure) -> None:
        repository = measure.subject.repository
        assert repository is not None
        # While a second moderator is waited for the page says that it is restricted, and no more (D1).
        public = not (self.confidential(measure) or measure.waits)
        reason = NOT_FINAL if measure.waits else self._reason(measure)
        measure.restriction = restrictions.restrict(
            repository,
            kind=self.restriction_kind,
            reason=reason,
            actor=measure.actor,
            ends_at=measure.ends_at,
            confidential=not public,
        )
        title, text = self._opening(measure, public)
        measure.discussion = open_discussion(
            repository,
            title=title,
            text=text,
            actor=system_actor(),
            origin=Discussion.Origin.TEAM,
        )
        # Of a confidential clause the page says "restricted" and no more.
        _say(measure, DiscussionEvent.Kind.MEASURE_TAKEN, {"measure": measure.kind} if public else {})
        _say(measure, DiscussionEvent.Kind.FEEDBACK_ASKED, {})

    def say_why(self, measure: Measure) -> None:
        """The page says it, and the discussion: there its first words stay as the record of what was said before."""
        assert measure.restriction is not None
        public = not self.confidential(measure)
        restrictions.change_reason(measure.restriction, reason=self._reason(measure), confidential=not public)
        if measure.discussion is None:
            return
        title, text = self._opening(measure, public)
        if public:
            rename(measure.discussion, title, actor=system_actor())
            _say(measure, DiscussionEvent.Kind.MEASURE_TAKEN, {"measure": measure.kind})
        add_comment(measure.discussion, text=text, actor=system_actor())

    def _reason(self, measure: Measure) -> str:
        """What the page says; of confidential clauses no more than this (E3), in each reader's language."""
        if self.confidential(measure):
            return gettext_noop("We restricted this repository under our content policy.")
        return measure.reason

    def undo(self, measure: Measure) -> None:
        assert measure.restriction is not None
        restrictions.lift(measure.restriction, actor=measure.lifted_by or measure.actor)
        if measure.discussion:
            with translation.override(settings.LANGUAGE_CODE):
                text = _("We lifted this measure. What the owner had chosen holds again.")
                ended_by_owner = measure.until_done and measure.lifted_by and measure.lifted_by.is_system
                # What we asked for tells what it was about: of a confidential clause nobody reads it (E3).
                if ended_by_owner and not self.confidential(measure):
                    text = _(
                        "The owner did what this waited for, so it ended by itself. What they had chosen holds again."
                    )
            quiet = self.confidential(measure) or measure.restriction.confidential  # never said: it was not final
            data = {} if quiet else {"measure": measure.kind}
            _say(measure, DiscussionEvent.Kind.MEASURE_LIFTED, data)
            add_comment(measure.discussion, text=text, actor=system_actor())

    def undo_all(self, measures: Sequence[Measure]) -> None:
        """The same for many that one of us lifted: none of them because its owner did what it waited for."""
        standing = [one.restriction for one in measures if one.restriction]
        restrictions.lift_all(standing, actor=measures[0].lifted_by or measures[0].actor)
        said = {
            one.discussion_id: {} if self.confidential(one) else {"measure": one.kind}
            for one in measures
            if one.discussion_id
        }
        with translation.override(settings.LANGUAGE_CODE):
            text = _("We lifted this measure. What the owner had chosen holds again.")
        say_in_all(said, DiscussionEvent.Kind.MEASURE_LIFTED, text, actor=system_actor())

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        assert measure.restriction is not None
        restrictions.change_end(measure.restriction, ends_at=ends_at, actor=measure.actor)

    def what_would_lift_it(self, measure: Measure) -> str:
        if measure.until_done:
            condition = measure.get_until_done_display()
            return _("It ends by itself as soon as this is so: %(condition)s.") % {"condition": condition}
        return _("We lift it when the cause is gone, or when the decision is contested and we agree.")

    def _opening(self, measure: Measure, public: bool) -> tuple[str, str]:
        """Title and words of the discussion. Everybody reads them: in the hub's language, not in whoever decided's."""
        with translation.override(settings.LANGUAGE_CODE), timezone.override(UTC):
            title = self.public_title() if public else _("We restricted this repository")
            return title, self._words(measure, public)

    def _words(self, measure: Measure, public: bool) -> str:
        if measure.waits:
            then = _("If this is your repository: we write to you when it is final, or take it back.")
            return "\n\n".join([_(NOT_FINAL), then, _("What do you think? Answers here reach the team.")])
        parts: list[Any] = [_(self._reason(measure))]
        if public:
            parts.insert(0, self.consequence(measure))
            parts.append(_("Clause: %(clause)s.") % {"clause": _(measure.clause.title)})
        if measure.automated:
            parts.append(_("A rule did this by itself, for the time being. A moderator will review it."))
        parts.append(_("If this is your repository: we wrote to you how to contest this decision."))
        parts.append(_("What do you think? Answers here reach the team."))
        return "\n\n".join(str(part) for part in parts)


def _say(measure: Measure, kind: DiscussionEvent.Kind, data: dict[str, Any]) -> None:
    """An event in the measure's public discussion."""
    assert measure.discussion is not None
    note(measure.discussion, kind, actor=system_actor(), data=data)
