import re
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actions import lift_reset, reset_name
from accounts.models import Namespace, User
from accounts.queries import people_told_about
from community.renaming import show_names
from foundation.errors import Refused
from moderation.sanctions.measures.base import MeasureKind
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject

# What we made ourselves breaks no rule; see accounts.actions.resets.
_NEUTRAL = re.compile(r"(user|organization)-[0-9a-f]{10}")


class UsernameReset(MeasureKind):
    """The name of a person or an organization is replaced by a neutral one, and they choose another (B4, E5).

    Nothing leads on from the old name, and nobody else takes it. Lifted, it comes back, unless another was chosen.
    """

    code = Measure.Kind.USERNAME_RESET
    subject_kinds = frozenset({"user", "organization"})
    weight = 3

    @property
    def help(self) -> str:
        return _("A neutral name stands in its place until they choose another; the old one shows nowhere.")

    def applies_to(self, subject: Subject) -> bool:
        if not super().applies_to(subject) or _NEUTRAL.fullmatch(str(subject.target)):
            return False
        # Guests have no name here, and ours is no person's.
        return subject.user is None or not (subject.user.is_guest or subject.user.is_system)

    def told(self, measure: Measure) -> list[User]:
        return people_told_about(_namespace(measure.subject))

    def apply(self, measure: Measure) -> None:
        if measure.automated:
            raise Refused(_("A rule never replaces a name."), code="not_automatable")
        namespace = _namespace(measure.subject)
        measure.name_reset = reset_name(namespace, actor=measure.actor)
        show_names(measure.name_reset)
        _called_now(measure)

    def undo(self, measure: Measure) -> None:
        assert measure.name_reset is not None
        lift_reset(measure.name_reset, actor=measure.lifted_by or measure.actor)
        show_names(measure.name_reset)

    def after_lifting(self, measure: Measure) -> str:
        assert measure.name_reset is not None
        measure.name_reset.refresh_from_db(fields=["chosen_at"])
        if measure.name_reset.chosen_at is None:
            return super().after_lifting(measure)
        return _("The old name does not come back, because another was chosen meanwhile.")

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        assert ends_at is None, "it has no end to choose, and no rule takes it"

    def consequence(self, measure: Measure) -> str:
        if measure.name_reset is None:
            return _("A neutral name stands in the place of this one until another is chosen. Nothing else changes.")
        names = {"former": measure.name_reset.former, "given": measure.name_reset.given}
        words = _(
            "Your name “%(former)s” shows nowhere any more. You are called “%(given)s”, and sign in with that, until "
            "you choose another name in your settings. Nothing else changes."
        )
        if measure.subject.organization_id:
            words = _(
                "The name “%(former)s” shows nowhere any more. The organization is called “%(given)s” until one of "
                "its admins chooses another name, in the settings of their own account. Nothing else changes."
            )
        return words % names

    def what_would_lift_it(self, measure: Measure) -> str:
        return _("The old name comes back when you contest it and we agree, unless you chose another meanwhile.")


def _namespace(subject: Subject) -> Namespace:
    namespace: Namespace = subject.target.namespace
    return namespace


def _called_now(measure: Measure) -> None:
    """Let the objects in memory say the new name: letters are written from them."""
    assert measure.name_reset is not None
    measure.subject.target.refresh_from_db()
