"""What is shown of a comment or an event where somebody hears of it: in the inbox and in mails."""

from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from accounts.models import User
from community.models import Notification
from community.wording import sentence
from foundation.markdown import render

LONGEST = 280
# Characters of a comment that are read for its excerpt: a long one is not fetched whole.
READ = 2_000


@dataclass(frozen=True)
class Heard:
    """A notification with what it says now; loaded by community.inbox.with_contents, so that it asks nothing more."""

    notification: Notification

    @property
    def who(self) -> User:
        """Who wrote the comment, or did what the event says."""
        if self.notification.comment is not None:
            return self.notification.comment.author
        assert self.notification.event is not None
        return self.notification.event.actor

    @property
    def hidden(self) -> bool:
        return self.notification.comment is not None and self.notification.comment.hidden

    @property
    def words(self) -> str:
        """The beginning of the comment as everybody may read it now (B2): "" for a hidden one and for an event."""
        return excerpt(getattr(self.notification, "words", None) or "")

    @property
    def sentence(self) -> SafeString:
        """What the event says, as safe HTML; "" for a comment."""
        row = self.notification
        if row.event is None:
            return SafeString("")
        return sentence(row.event, path=row.discussion.get_absolute_url(), to=row.recipient_id)

    @property
    def plain_sentence(self) -> str:
        return unescape(strip_tags(self.sentence))


def excerpt(text: str, longest: int = LONGEST) -> str:
    """The beginning of Markdown `text` as plain words, without what it quotes; at most `longest` characters."""
    own = "\n".join(line for line in text[:READ].split("\n") if not line.lstrip().startswith(">"))
    words = " ".join(unescape(strip_tags(render(own))).split())
    return Truncator(words).chars(longest)
