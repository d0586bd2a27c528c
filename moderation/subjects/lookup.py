"""Finding the thing a program or an operator names: by kind and id, or by its address on this site."""

import re
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import SYSTEM, Namespace, Organization, User
from community.models import Comment, Discussion
from community.projections import latest_text
from community.queries import find_discussion, may_read
from foundation.compiled import Compiled
from foundation.errors import Refused
from moderation.subjects.models import TARGETS
from repositories import queries
from repositories.access import Viewer, seen_by
from repositories.errors import Moved
from repositories.models import Kind, Repository, Visibility, long_columns
from repositories.models.repository import PREFIX

_ADDRESS = re.compile(
    r"/(?P<prefix>datasets/|spaces/|)(?P<owner>[^/]+)/(?P<name>[^/]+)(?:/discussions/(?P<number>\d{1,9}))?"
)
# Kinds of things that are a repository or lie in one, and the way there.
MODELS: dict[str, tuple[type[Model], str]] = {
    "repository": (Repository, ""),
    "discussion": (Discussion, "repository"),
    "comment": (Comment, "discussion__repository"),
}
_COMMENT = re.compile(r"comment-([0-9a-fA-F-]{32,36})")
Target = Repository | Discussion | Comment | User | Organization


def find_target(kind: str, public_id: UUID, viewer: Viewer) -> Target:
    """The repository, discussion, comment, user or organization of this id as `viewer` sees it.

    One query for what everybody sees, two for anything else, as for what is missing; and those of tabs that are off.

    Raises the same Refused (404) for an unknown kind, for what is missing and for what may not be seen (A2, B2).
    """
    target = _public_comment.first(public_id) if kind == "comment" else _find(kind, public_id, _PUBLIC)
    if target is None and kind in MODELS:
        target = _find(kind, public_id, {"pk__in": Repository.objects.filter(seen_by(viewer)).order_by()})
    if target is None or not _is_open(target, viewer):
        raise _not_there()
    # Said by itself: what Django keeps as `target.subject` may be a row that a transaction took back.
    target.found_subject = target._state.fields_cache.get("subject")  # type: ignore[union-attr]
    return target


def find_by_address(text: str, viewer: Viewer) -> Target:
    """What `text` names: a path or URL of this site (/owner/name/discussions/3#comment-…), or kind:uuid.

    Raises Refused (404) for an address of another site, and for what is missing or may not be seen.
    """
    kind, _colon, rest = text.partition(":")
    if kind in TARGETS:
        return find_target(kind, _uuid(rest), viewer)
    address = _split(text)
    if found := _COMMENT.fullmatch(address.fragment):
        return find_target("comment", _uuid(found[1]), viewer)
    if match := _ADDRESS.fullmatch("/" + address.path.strip("/")):
        return _in_repository(match, viewer)
    return _holder(address.path.strip("/"))


def home_of(target: Target) -> Repository | None:
    """The repository it is or lies in."""
    if isinstance(target, Comment):
        return target.discussion.repository
    if isinstance(target, Discussion):
        return target.repository
    return target if isinstance(target, Repository) else None


def _is_open(target: Target, viewer: Viewer) -> bool:
    """Whether no tab that is off hides it from `viewer`; the same question as on its own page."""
    discussion = target.discussion if isinstance(target, Comment) else target
    return not isinstance(discussion, Discussion) or may_read(discussion, viewer)


def _find(kind: str, public_id: UUID, seen: dict[str, Any]) -> Target | None:
    """The thing of this id, in a repository as `seen` wants it: missing and private ones cost the same query (A2)."""
    if kind == "user":
        return User.objects.filter(is_guest=False, public_id=public_id).exclude(username=SYSTEM).first()
    if kind == "organization":
        return Organization.objects.filter(public_id=public_id).first()
    if kind not in MODELS:
        return None
    return cast("Target | None", _in_place(kind, public_id, seen).first())


def _in_place(kind: str, public_id: UUID, seen: dict[str, Any]) -> QuerySet[Any]:
    model, path = MODELS[kind]
    rows: QuerySet[Any] = model._default_manager.filter(public_id=public_id)
    if not path:
        return rows.filter(**seen).select_related("namespace", "subject")
    rows = rows.filter(**{f"{path}__{name}": value for name, value in seen.items()})
    rows = rows.select_related("author", "subject", f"{path}__namespace", f"{path}__tab_settings")
    return rows.defer(*long_columns(path))


_PUBLIC = {"visibility": Visibility.PUBLIC, "deleted_at": None, "kept_private": False, "removed": False}
# What a report and its page need of a comment and the place where it stands. The rest is read when somebody asks.
_NEEDED = {
    "": ("public_id", "position", "text", "hidden", "created_at"),
    "author": ("public_id", "username", "fullname"),
    "discussion": ("number", "title", "author_id", "origin", "status"),
    "discussion__repository": ("kind", "name", "visibility", "likes", "downloads", "trending"),
    "discussion__repository__namespace": ("name", "user_id", "organization_id"),
    "discussion__repository__tab_settings": ("on",),
}


@Compiled
def _public_comment(public_id: UUID) -> QuerySet[Comment]:
    """Nearly all that is reported: comments that everybody can read."""
    rows: QuerySet[Comment] = _in_place("comment", public_id, _PUBLIC)
    needed = [f"{path}__{name}" if path else name for path, names in _NEEDED.items() for name in names]
    paths = ["subject", *filter(None, _NEEDED)]
    return rows.only(*needed, *paths).annotate(last_words=latest_text())


def _split(text: str) -> SplitResult:
    site = urlsplit(settings.SITE_URL)
    try:
        address = urlsplit(text)
    except ValueError:
        raise _not_there() from None
    if (address.scheme or address.netloc) and address[:2] != site[:2]:
        message = _("%(text)s is not an address of this site, %(site)s.")
        raise Refused(message % {"text": text, "site": settings.SITE_URL}, code="not_found", status=404)
    return address


def _in_repository(match: re.Match[str], viewer: Viewer) -> Repository | Discussion:
    kind = next(kind for kind in Kind if PREFIX[kind] == match["prefix"])
    try:
        repository = queries.find(kind, match["owner"], match["name"], viewer)
    except Moved as moved:
        repository = moved.repository
    return find_discussion(repository, int(match["number"]), viewer) if match["number"] else repository


def _holder(name: str) -> User | Organization:
    row = Namespace.objects.named(name).select_related("user", "organization").first()
    found = (row.user or row.organization) if row else None
    if found is None or (isinstance(found, User) and found.is_system):
        raise _not_there()
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _not_there() from None


def _not_there() -> Refused:
    return Refused(
        _("We find nothing here: it does not exist, or only its owner can see it. Check the address."),
        code="not_found",
        status=404,
    )
