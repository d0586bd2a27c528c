"""Finding the thing a program or an operator names: by kind and id, or by its address on this site."""

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import SYSTEM, Namespace, Organization, User
from community.models import Comment, Discussion
from community.queries import find_discussion
from foundation.errors import Refused
from repositories import queries
from repositories.access import Viewer, require_see
from repositories.models import Kind, Repository
from repositories.models.repository import PREFIX

_ADDRESS = re.compile(
    r"/(?P<prefix>datasets/|spaces/|)(?P<owner>[^/]+)/(?P<name>[^/]+)(?:/discussions/(?P<number>\d{1,9}))?"
)
_COMMENT = re.compile(r"comment-([0-9a-fA-F-]{32,36})")
_ROWS: dict[str, QuerySet[Any]] = {
    "repository": Repository.objects.select_related("namespace"),
    "discussion": Discussion.objects.select_related("repository__namespace", "author"),
    "comment": Comment.objects.select_related("discussion__repository__namespace", "author"),
    "user": User.objects.exclude(username=SYSTEM),
    "organization": Organization.objects.all(),
}


def find_target(kind: str, public_id: UUID, viewer: Viewer) -> Any:
    """The repository, discussion, comment, user or organization of this id as `viewer` sees it.

    Raises the same Refused (404) for an unknown kind, for what is missing and for what may not be seen.
    """
    target = _ROWS[kind].filter(public_id=public_id).first() if kind in _ROWS else None
    if target is None:
        raise _not_there()
    return _seen(target, viewer)


def find_by_address(text: str, viewer: Viewer) -> Any:
    """What `text` names: a path or URL of this site (/owner/name/discussions/3#comment-…), or kind:uuid.

    Raises Refused (404) for an address of another site, and for what is missing or may not be seen.
    """
    kind, _colon, rest = text.partition(":")
    if kind in _ROWS:
        return find_target(kind, _uuid(rest), viewer)
    address = _split(text)
    if found := _COMMENT.fullmatch(address.fragment):
        return find_target("comment", _uuid(found[1]), viewer)
    if match := _ADDRESS.fullmatch("/" + address.path.strip("/")):
        return _in_repository(match, viewer)
    return _holder(address.path.strip("/"))


def _seen(target: Any, viewer: Viewer) -> Any:
    home = target
    if isinstance(target, Comment):
        home = target.discussion.repository
    elif isinstance(target, Discussion):
        home = target.repository
    if isinstance(home, Repository):
        try:
            require_see(home, viewer)
        except Refused:
            raise _not_there() from None  # in the very words of what is missing
    return target


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
    repository = queries.find(kind, match["owner"], match["name"], viewer)
    return find_discussion(repository, int(match["number"])) if match["number"] else repository


def _holder(name: str) -> User | Organization:
    row = Namespace.objects.select_related("user", "organization").filter(name__iexact=name).first()
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
    return Refused(_("There is no such thing here, or you may not see it."), code="not_found", status=404)
