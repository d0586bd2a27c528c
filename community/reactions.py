"""The reactions below comments, as a viewer sees them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Comment, Reaction
from repositories.access import Viewer

SIGNS = {
    Reaction.Kind.THUMBS_UP: "👍",
    Reaction.Kind.THUMBS_DOWN: "👎",
    Reaction.Kind.HEART: "❤️",
    Reaction.Kind.HOORAY: "🎉",
    Reaction.Kind.LAUGH: "😄",
    Reaction.Kind.CONFUSED: "😕",
    Reaction.Kind.ROCKET: "🚀",
    Reaction.Kind.EYES: "👀",
}


@dataclass(frozen=True)
class ShownReaction:
    """How many people reacted in one kind, and whether the viewer is one of them; `touched`: just now."""

    kind: Reaction.Kind
    count: int
    own: bool
    touched: bool

    @property
    def sign(self) -> str:
        return SIGNS[self.kind]

    @property
    def people(self) -> str:
        """In words: "3 people: heart"."""
        words = ngettext("%(count)s person: %(name)s", "%(count)s people: %(name)s", self.count)
        return words % {"count": self.count, "name": self.kind.label}

    @property
    def label(self) -> str:
        """What its button says to those who do not see it, and does."""
        words = _("%(people)s. Take yours back") if self.own else _("%(people)s. Add yours")
        return words % {"people": self.people}


def reactions_of(comments: Iterable[Comment], viewer: Viewer, *, touched: str = "") -> dict[int, list[ShownReaction]]:
    """The reactions that are there by the id of each comment; one query. The kind `touched` is shown without any too: a
    button does not go from under the finger that pressed it.
    """
    ids = [one.pk for one in comments]
    own = Count("pk", filter=Q(user=viewer.pk)) if viewer and viewer.pk else Count("pk", filter=Q(pk__in=[]))
    rows = Reaction.objects.filter(comment__in=ids).values_list("comment", "kind").annotate(count=Count("pk"), own=own)
    counts: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for comment, kind, count, by_viewer in rows:
        counts[comment][kind] = (count, by_viewer)
    return {key: _shown(counts[key], touched) for key in ids}


def picker() -> SafeString:
    """A button for each kind, the same below every comment: made once for a page."""
    button = '<button type="submit" name="react" value="{}" aria-label="{}" title="{}">{}</button>'
    rows = ((kind.value, kind.label, kind.label, SIGNS[kind]) for kind in Reaction.Kind)
    return format_html_join("", button, rows)


def _shown(counts: dict[str, tuple[int, int]], touched: str) -> list[ShownReaction]:
    kinds = [kind for kind in Reaction.Kind if kind in counts or kind == touched]
    rows = ((kind, *counts.get(kind, (0, 0))) for kind in kinds)
    return [ShownReaction(kind, count, bool(own), kind == touched) for kind, count, own in rows]
