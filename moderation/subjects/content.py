"""The content of a subject as it is now, and what may be read now of what it was."""

from dataclasses import dataclass

from community.projections import readable, written
from moderation.subjects.models import Snapshot, Subject
from repositories.holding import card_of, is_held

CARD = "card"


@dataclass(frozen=True)
class Content:
    """Which part, its title and text, and its revision where it has one, else ""."""

    part: str
    title: str
    text: str
    revision: str

    @property
    def whole(self) -> str:
        """Title and text as one, as Snapshot.content."""
        return f"{self.title}\n{self.text}" if self.title else self.text


def content_of(subject: Subject) -> Content:
    """What a snapshot of `subject` would keep now (C8)."""
    target = subject.target
    if subject.repository_id:
        return Content(CARD, target.full_name, card_of(target), target.head)
    if subject.comment_id:
        return Content("text", "", written(target), "")
    if subject.discussion_id:
        first = target.comments.filter(position=1).first()
        return Content("text", target.title, written(first) if first else "", "")
    if subject.user_id:
        return Content("username", target.username, f"{target.fullname}\n{target.bio}".strip(), "")
    return Content("username", target.name, target.fullname, "")


def readable_of(subject: Subject, snapshot: Snapshot) -> str:
    """What people outside of the team may read now of a snapshot of `subject`: nothing that is hidden (B2, C8)."""
    comment = subject.comment
    if subject.discussion_id:
        comment = subject.target.comments.filter(position=1).first()
    if subject.repository_id and (snapshot.part != CARD or is_held(subject.target)):
        return snapshot.title  # a single file is for those who may read files: they know which one it is
    text = readable(comment, snapshot.text) if comment else snapshot.text
    return f"{snapshot.title}\n{text}" if snapshot.title else text
