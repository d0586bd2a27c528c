"""Finding what somebody wants to report, as that person sees it (C1, A2)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import SYSTEM, Organization, User
from community.models import Comment, Discussion
from foundation.errors import Refused
from repositories.access import seen_by
from repositories.models import Repository

Target = Repository | Discussion | Comment | User | Organization


def find_target(kind: str, public_id: UUID, viewer: User) -> Target:
    """What is to be reported; one query. Raises the same Refused (404) for what is missing, unknown, or private."""
    rows = _rows(kind, viewer)
    target: Target | None = rows.filter(public_id=public_id).first() if rows is not None else None
    if target is None:
        raise Refused(
            _("We find nothing here to report: it does not exist, or only its owner can see it. Check the address."),
            code="not_found",
            status=404,
        )
    return target


def home_of(target: Target) -> Repository | None:
    """The repository it is or lies in."""
    if isinstance(target, Comment):
        return target.discussion.repository
    if isinstance(target, Discussion):
        return target.repository
    return target if isinstance(target, Repository) else None


def _rows(kind: str, viewer: User) -> QuerySet[Any] | None:
    """Everything of a kind that `viewer` sees: missing and private things cost the same query (A2)."""
    seen = Repository.objects.filter(seen_by(viewer)).order_by()
    if kind == "repository":
        return seen.select_related("namespace")
    if kind == "discussion":
        return Discussion.objects.filter(repository__in=seen).select_related("author", "repository__namespace")
    if kind == "comment":
        rows = Comment.objects.filter(discussion__repository__in=seen)
        return rows.select_related("author", "discussion__repository__namespace")
    if kind == "user":
        return User.objects.exclude(username=SYSTEM)
    return Organization.objects.all() if kind == "organization" else None
