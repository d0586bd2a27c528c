"""The content of a subject as it is now."""

from dataclasses import dataclass

from moderation.subjects.models import Subject


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
        return Content("card", target.full_name, target.card, target.head)
    if subject.comment_id:
        return Content("text", "", target.text, "")
    if subject.discussion_id:
        first = target.comments.order_by("created_at", "id").values_list("text", flat=True).first()
        return Content("text", target.title, first or "", "")
    if subject.user_id:
        return Content("username", target.username, f"{target.fullname}\n{target.bio}".strip(), "")
    return Content("username", target.name, target.fullname, "")
