from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community.actions import holding
from foundation.errors import Refused
from moderation.sanctions.measures.base import MeasureKind
from moderation.sanctions.measures.hold import held_comment
from moderation.sanctions.models import Measure
from moderation.subjects import erasing, quarantine
from moderation.subjects.models import Erasure
from repositories.actions import restrictions
from repositories.models import Restriction

RESTRICTED = gettext_noop("We restricted this repository under our content policy.")


class Erase(MeasureKind):
    """Destroyed on purpose, wherever it was kept: personal data of children and the like (C6). No undo brings it back.

    From the decision on nobody sees it: a comment is hidden, and a repository is gone but for a notice until the files
    are out of its whole history, which is then there again without them. Destroying begins when the decision is final,
    so what a second moderator declines comes back whole.
    """

    code = Measure.Kind.ERASE
    subject_kinds = frozenset({"repository", "discussion", "comment"})
    second_by_default = True
    weight = 6
    logged = True
    undoable: ClassVar[bool] = False

    @property
    def help(self) -> str:
        return _("Destroyed for good wherever we keep it, its whole history included. Nobody can undo this.")

    def apply(self, measure: Measure) -> None:
        """Raises Refused for a rule, whatever a clause says, and for what is preserved for the authorities (C9)."""
        if measure.automated:
            raise Refused(_("A rule never erases anything."), code="not_automatable")
        subject = measure.subject
        if not self.preserves and quarantine.is_locked(subject):
            raise Refused(
                _("It is locked away and kept until its date: that destroys it, and nothing before."), code="preserved"
            )
        if subject.repository is None:
            measure.hiding = holding.hide_by_decision(held_comment(subject), actor=measure.actor)
        else:
            measure.restriction = restrictions.restrict(
                subject.repository,
                kind=Restriction.Kind.REMOVED,
                reason=RESTRICTED,
                actor=measure.actor,
                confidential=self.confidential(measure),
            )
        measure.erasure = Erasure.objects.create(subject=subject, preserves=self.preserves)

    def undo(self, measure: Measure) -> None:
        """Whatever was not destroyed yet comes back; what was, does not, and stays as it is."""
        assert measure.erasure is not None
        if not erasing.cancel(measure.erasure):
            return
        actor = measure.lifted_by or measure.actor
        if measure.restriction:
            restrictions.lift(measure.restriction, actor=actor)
        elif measure.hiding:
            holding.lift_decided(measure.hiding, actor=actor)

    def comes_back(self, measure: Measure) -> bool:
        assert measure.erasure is not None
        measure.erasure.refresh_from_db(fields=["cancelled_at"])
        return measure.erasure.cancelled_at is not None

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        """It has none."""

    def consequence(self, measure: Measure) -> str:
        if measure.subject.repository_id:
            return _(
                "What was reported is taken out of the repository and of every earlier version of it, and destroyed. "
                "Everything else is there again when that is done. It cannot be brought back."
            )
        return _("The words are destroyed, with every earlier version of them. They cannot be brought back.")

    def what_would_lift_it(self, measure: Measure) -> str:
        return _("Nothing brings it back. When you contest it and we agree, the decision no longer counts.")
