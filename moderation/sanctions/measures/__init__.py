"""Every kind of measure: a plain registry from code to class."""

from collections.abc import Iterable

from moderation.sanctions.measures.base import Consequence, MeasureKind
from moderation.sanctions.measures.close_discussion import CloseDiscussion
from moderation.sanctions.measures.deactivate import Deactivate
from moderation.sanctions.measures.disable import Disable
from moderation.sanctions.measures.downgrade import Downgrade
from moderation.sanctions.measures.erase import Erase
from moderation.sanctions.measures.friendly_warning import FriendlyWarning
from moderation.sanctions.measures.hide_card import HideCard
from moderation.sanctions.measures.hide_comment import HideComment
from moderation.sanctions.measures.hold import Hold
from moderation.sanctions.measures.limit_reached import LimitReached
from moderation.sanctions.measures.lock_discussion import LockDiscussion
from moderation.sanctions.measures.posting_ban import PostingBan
from moderation.sanctions.measures.private import Private
from moderation.sanctions.measures.quarantine import Quarantine
from moderation.sanctions.measures.remove import Remove
from moderation.sanctions.measures.request_documentation import RequestDocumentation
from moderation.sanctions.measures.request_gating import RequestGating
from moderation.sanctions.measures.request_private import RequestPrivate
from moderation.sanctions.measures.tag_nfaa import TagNfaa
from moderation.sanctions.measures.username_reset import UsernameReset
from moderation.subjects.models import Subject

# Mildest first, and last the one that only gives us time.
_ALL: tuple[MeasureKind, ...] = (
    FriendlyWarning(),
    TagNfaa(),
    CloseDiscussion(),
    LockDiscussion(),
    HideComment(),
    HideCard(),
    Downgrade(),
    Private(),
    Disable(),
    Remove(),
    Erase(),
    Quarantine(),
    LimitReached(),
    UsernameReset(),
    PostingBan(),
    Deactivate(),
    RequestDocumentation(),
    RequestGating(),
    RequestPrivate(),
    Hold(),
)
KINDS: dict[str, MeasureKind] = {kind.code: kind for kind in _ALL}
# What a decision can take: a request to an owner comes before it, and decides nothing (E1).
DECIDED: dict[str, MeasureKind] = {code: kind for code, kind in KINDS.items() if not kind.asks}


def kinds_for(subject: Subject) -> list[MeasureKind]:
    """The kinds that a decision may choose for `subject`, mildest first, and last the one that only gives us time."""
    return [kind for kind in DECIDED.values() if kind.applies_to(subject)]


def requests_for(subject: Subject) -> list[MeasureKind]:
    """What may be asked of the owner of `subject` before anything is decided, mildest first (E1)."""
    return [kind for kind in KINDS.values() if kind.asks and kind.applies_to(subject)]


def judging(kinds: Iterable[str]) -> bool:
    """Whether any of these kinds says that something was wrong: of a hold alone nothing is decided (C6, C9)."""
    return any(kind not in KINDS or KINDS[kind].judges for kind in kinds)


__all__ = ["DECIDED", "KINDS", "Consequence", "MeasureKind", "judging", "kinds_for", "requests_for"]
