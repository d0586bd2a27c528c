"""What a subject is called on the team's pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.subjects.models import Subject

KIND_NAMES = {
    "repository": gettext_lazy("repository"),
    "discussion": gettext_lazy("discussion"),
    "comment": gettext_lazy("comment"),
    "user": gettext_lazy("person"),
    "organization": gettext_lazy("organization"),
}


@dataclass(frozen=True)
class Name:
    """What it is, whose, and in which repository ("" outside of one); no content of it."""

    kind: Any
    what: str
    whose: str
    where: str


def name_of(subject: Subject) -> Name:
    """The name of a subject that was loaded with subjects.queries.EVERYTHING; no query."""
    home, author, target = subject.home, subject.author, subject.target
    owner = home.namespace.name if home else str(target)
    kind, what = KIND_NAMES[subject.kind], str(target)
    if subject.repository_id:
        kind = target.get_kind_display()
    elif subject.comment_id:
        what = _("comment in #%(number)s %(title)s") % {
            "number": target.discussion.number,
            "title": target.discussion.title,
        }
    where = home.full_name if home and not subject.repository_id else ""
    return Name(kind, what, author.username if author else owner, where)
