"""What a subject is called on the team's pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from moderation.subjects.models import Subject

KIND_NAMES = {
    "repository": _("repository"),
    "discussion": _("discussion"),
    "comment": _("comment"),
    "user": _("person"),
    "organization": _("organization"),
}


@dataclass(frozen=True)
class Name:
    """What it is, whose and in which repository where its name does not say so; no content of it.

    A comment goes by its discussion and its place there: several of one discussion are told apart.
    """

    kind: Any
    what: str
    whose: str
    where: str


def name_of(subject: Subject) -> Name:
    """The name of a subject that was loaded with subjects.queries.EVERYTHING; no query."""
    home, author, target = subject.home, subject.author, subject.target
    if subject.repository_id:
        return Name(target.get_kind_display(), target.full_name, "", "")
    where = home.full_name if home else ""
    what = str(target.discussion) if subject.comment_id else str(target)
    kind = _("comment %(number)d") % {"number": target.position} if subject.comment_id else KIND_NAMES[subject.kind]
    # A person is nobody's, and so is an organization.
    whose = author.username if author and home else ""
    return Name(kind, what, whose, where)
