from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import User
from accounts.posting import words_of_end
from accounts.queries import people_told_about
from foundation.clock import full_minute
from foundation.templatetags.foundation import exact
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject
from repositories.models import Condition

# Our fixed words, translated where they are shown: of what is not final nobody is accused (D1, G1).
NOT_FINAL = gettext_noop("This holds for now. A second member of our team looks at it before it is final.")


class Consequence(models.TextChoices):
    """What may be ordered along with a measure, in the order in which it is offered (F2)."""

    HIDE = "hide", gettext_lazy("hide what was reported")
    CLOSE = "close", gettext_lazy("close their discussions")
    BAN = "ban", gettext_lazy("no posting for 48 hours")


class MeasureKind(ABC):
    """A kind of measure, and all that the other rooms know of it (E1-E5, F1-F4).

    What it may be applied to and who may take it, what it does, how it is undone, whom it tells, in which words, what
    it shows in public. No other place asks for a kind by its name; what the policy decides about kinds (which need a
    second moderator, which clauses a rule may act under) is data of the policy.
    """

    code: ClassVar[str]
    subject_kinds: ClassVar[frozenset[str]]
    # Who may take and lift it, besides the system.
    permission: ClassVar[str] = "sanctions.add_measure"
    # Whether the policy asks for a second moderator before anybody changes it: `policy.GuardedMeasure` is what counts.
    second_by_default: ClassVar[bool] = False
    # How much it weighs beside others, from 1: what a departure from precedents is measured by (D6).
    weight: ClassVar[int]
    # Which step of the ladder it is, from 0; None for what is no sanction (F4).
    step: ClassVar[int | None] = None
    # How long it lasts by its own nature; None: until it is lifted.
    lasts: ClassVar[timedelta | None] = None
    # Whether whoever decides may choose another end than that.
    chooses_end: ClassVar[bool] = False
    # Nothing but words: it comes with the statement of reasons, once that may be sent.
    only_words: ClassVar[bool] = False
    # Whether it says that something was wrong; of one that does not nobody is accused, and no clause is named (C6, C9).
    judges: ClassVar[bool] = True
    # Whether it opens a public discussion in which our words stand.
    public: ClassVar[bool] = False
    # Whether the repository's public log lists it (J2).
    logged: ClassVar[bool] = False
    # In the moderated track: whether it waits until the owner was heard (D2), and whether whoever takes it says why
    # requests to the owner do not suffice (E3).
    waits_for_owner: ClassVar[bool] = False
    asks_why_requests_fail: ClassVar[bool] = False
    # Whether it asks the owner for something and restricts nothing: it is made before a decision, never by one (E1).
    asks: ClassVar[bool] = False
    # What the owner may be asked to do so that it ends by itself (E5); of what `asks`: what it can ask for.
    conditions: ClassVar[tuple[Condition, ...]] = ()
    # Whether lifting it restores what was before; what destroys on purpose stands outside of exact undo (E5).
    undoable: ClassVar[bool] = True
    # Whether it keeps for the authorities what it takes from everybody: in a sealed lane alone (C9).
    preserves: ClassVar[bool] = False

    # What may, and then must, be ordered along with it, and the kind that each becomes: measures of their own.
    brings: ClassVar[Mapping[Consequence, str]] = {}

    @property
    def label(self) -> str:
        return str(Measure.Kind(self.code).label)

    @property
    def enforced(self) -> bool:
        """Whether something holds while it stands; of what is only said, nothing does."""
        return not self.only_words

    @property
    @abstractmethod
    def help(self) -> str:
        """What it does, for whoever may choose it, in a sentence."""

    def applies_to(self, subject: Subject) -> bool:
        """Whether it may be chosen for `subject`."""
        return subject.kind in self.subject_kinds

    def person(self, subject: Subject) -> User | None:
        """Whom a sanction concerns; None for measures on what they made."""
        return None

    def told(self, measure: Measure) -> list[User]:
        """Whom it affects, who get its statement of reasons: the person, the owner side, or the author."""
        subject = measure.subject
        if measure.person:
            return [measure.person]
        if subject.repository:
            return people_told_about(subject.repository.namespace)
        return [subject.author] if subject.author else []

    def confidential(self, measure: Measure) -> bool:
        """Whether the public reads “restricted” and no more: of a clause that is never public, of no judgement (E3)."""
        return measure.clause.publicity == Clause.Publicity.NO or not self.judges

    def public_state(self, measure: Measure) -> str:
        """What everybody may read that it is, in the active language."""
        return _("Restricted") if self.confidential(measure) else self.label

    def consequences_for(self, subject: Subject) -> list[Consequence]:
        """Which of what it `brings` fit `subject`; one query at most."""
        return []

    def parts(self, subject: Subject, chosen: Sequence[str]) -> list[tuple[str, Subject]]:
        """The kinds of what is taken along with it, each with what it is taken on; `chosen` are Consequences."""
        return []

    @abstractmethod
    def apply(self, measure: Measure) -> None:
        """Make it hold: create what enforces it, and set the columns of `measure` that point there."""

    def say_why(self, measure: Measure) -> None:
        """What began to hold with fixed words, while a second moderator was waited for, says its reasons (D1)."""
        return

    def apply_all(self, measures: Sequence[Measure]) -> None:
        """The same for each of many, which begin at the same moment and end together."""
        for measure in measures:
            self.apply(measure)

    @abstractmethod
    def undo(self, measure: Measure) -> None:
        """Take back exactly what `apply` did."""

    def undo_all(self, measures: Sequence[Measure]) -> None:
        """Take back what `apply` did for each of many, which the same person lifted at the same moment."""
        for measure in measures:
            self.undo(measure)

    def comes_back(self, measure: Measure) -> bool:
        """Of one that was lifted: whether what was before it holds again; not of what destroyed something."""
        return True

    def after_lifting(self, measure: Measure) -> str:
        """The same as a sentence for whom it affected, in the active language."""
        if self.comes_back(measure):
            return _("What was before holds again.")
        return _("What was destroyed cannot be brought back.")

    @abstractmethod
    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        """Give what enforces it another end."""

    @abstractmethod
    def consequence(self, measure: Measure) -> Any:
        """What it means for the person, in plain words, in the active language and time zone."""

    def scope(self, measure: Measure) -> str:
        """What it covers, in the active language and as plain text; it holds everywhere in the world (G1)."""
        subject = measure.subject
        if subject.comment_id:
            return _("one comment, in “%(title)s”") % {"title": subject.name}
        if subject.discussion_id:
            return _("one discussion, “%(title)s”") % {"title": subject.name}
        if subject.repository_id:
            return _("the whole repository %(name)s") % {"name": subject.name}
        return _("the account %(name)s") % {"name": subject.name}

    def duration(self, measure: Measure) -> str:
        """How long it holds, in the active language and time zone (G1)."""
        if measure.ends_at is not None:
            return _("until %(moment)s; then it ends by itself") % {"moment": exact(full_minute(measure.ends_at))}
        if measure.until_done:
            condition = measure.get_until_done_display()
            return _("until the owner did this: %(condition)s") % {"condition": condition}
        if not self.undoable:
            return _("for good: what is destroyed cannot be brought back")
        return _("without an end: until we lift it")

    def until(self, measure: Measure, words: Any) -> str:
        """`words`, and when it ends by itself, where it does: in the active language and time zone."""
        if measure.ends_at is None:
            return str(words)
        end = _("This ends by itself on %(date)s, %(time)s (%(zone)s).") % words_of_end(measure.ends_at)
        return f"{words} {end}"

    @abstractmethod
    def what_would_lift_it(self, measure: Measure) -> str:
        """What would have to happen for it to hold no more, in the active language; empty for what holds nothing."""


class SanctionOnPerson(MeasureKind):
    """A measure on whoever answers for the subject."""

    subject_kinds = frozenset({"repository", "discussion", "comment", "user"})

    def applies_to(self, subject: Subject) -> bool:
        return super().applies_to(subject) and subject.author is not None

    def person(self, subject: Subject) -> User | None:
        return subject.author

    def scope(self, measure: Measure) -> str:
        return _("your account: what you post in community tabs")
