from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Any, ClassVar

from accounts.models import User
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject


class MeasureKind(ABC):
    """A kind of measure: what it may be applied to, what it does, how it is undone, what it says (E1-E5, F1-F4)."""

    code: ClassVar[str]
    subject_kinds: ClassVar[frozenset[str]]
    # How long it lasts by its own nature; None: until it is lifted.
    lasts: ClassVar[timedelta | None] = None
    # Whether it opens a public discussion in which our words stand.
    public: ClassVar[bool] = False

    @property
    def label(self) -> str:
        return str(Measure.Kind(self.code).label)

    def applies_to(self, subject: Subject) -> bool:
        """Whether it may be chosen for `subject`."""
        return subject.kind in self.subject_kinds

    def person(self, subject: Subject) -> User | None:
        """Whom a sanction concerns; None for measures on repositories."""
        return None

    @abstractmethod
    def apply(self, measure: Measure) -> None:
        """Make it hold: create what enforces it, and set the columns of `measure` that point there."""

    @abstractmethod
    def undo(self, measure: Measure) -> None:
        """Take back exactly what `apply` did."""

    @abstractmethod
    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        """Give what enforces it another end."""

    @abstractmethod
    def consequence(self, measure: Measure) -> Any:
        """What it means for the person, in plain words, in the active language and time zone."""


class SanctionOnPerson(MeasureKind):
    """A measure on whoever answers for the subject."""

    subject_kinds = frozenset({"repository", "discussion", "comment", "user"})

    def applies_to(self, subject: Subject) -> bool:
        return super().applies_to(subject) and subject.author is not None

    def person(self, subject: Subject) -> User | None:
        return subject.author
