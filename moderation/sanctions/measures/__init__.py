"""Every kind of measure: a plain registry from code to class."""

from moderation.sanctions.measures.base import MeasureKind
from moderation.sanctions.measures.deactivate import Deactivate
from moderation.sanctions.measures.disable import Disable
from moderation.sanctions.measures.downgrade import Downgrade
from moderation.sanctions.measures.friendly_warning import FriendlyWarning
from moderation.sanctions.measures.hold import Hold
from moderation.sanctions.measures.posting_ban import PostingBan
from moderation.sanctions.measures.tag_nfaa import TagNfaa
from moderation.subjects.models import Subject

KINDS: dict[str, MeasureKind] = {
    kind.code: kind
    for kind in (FriendlyWarning(), TagNfaa(), Downgrade(), Disable(), PostingBan(), Deactivate(), Hold())
}


def kinds_for(subject: Subject) -> list[MeasureKind]:
    """The kinds that may be chosen for `subject`, mildest first, and last the one that only gives us time."""
    return [kind for kind in KINDS.values() if kind.applies_to(subject)]


__all__ = ["KINDS", "MeasureKind", "kinds_for"]
