"""Lists of requests for access, and who may read and decide them (A3, B2)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Forbidden, Refused
from repositories.access import Access, require_see, seen_by
from repositories.models import AccessRequest, Repository

COUNTED = 1_000


def require_decide(repository: Repository, actor: User) -> Access:
    """Raise Forbidden unless `actor` decides about requests: the owner, or members with write or admin (B2)."""
    found = require_see(repository, actor)
    if not found.edit:
        raise Forbidden(_("Only its owner decides who gets the files of this repository."))
    return found


def requests_of(repository: Repository, status: str = "", name: str = "") -> QuerySet[AccessRequest]:
    """Requests for `repository`, newest first, with their people; those of one status, of people named like `name`."""
    rows = AccessRequest.objects.filter(repository=repository.pk).select_related("user", "decided_by")
    if status:
        rows = rows.filter(status=status)
    if name:
        rows = rows.filter(user__username__icontains=name)
    return rows.order_by("-requested_at", "-id")


def counts_of(repository: Repository) -> dict[str, int]:
    """How many requests have each status, counted up to one more than COUNTED; three queries."""
    rows = AccessRequest.objects.filter(repository=repository.pk)
    return {status: rows.filter(status=status).values("pk")[: COUNTED + 1].count() for status in AccessRequest.Status}


def find_request(repository: Repository, *, name: str = "", public_id: UUID | None = None) -> AccessRequest:
    """The request with this id, or of the person of this name in any case. Raises Refused (404)."""
    rows = AccessRequest.objects.select_related("user").alias(lower_name=Lower("user__username"))
    who = Q(public_id=public_id) if public_id else Q(lower_name=name.lower())
    found = rows.filter(who, repository=repository.pk).first()
    if found is None:
        raise not_found()
    found.repository = repository
    return found


def not_found() -> Refused:
    """One answer for a request that is not there and one that stands so already."""
    message = _("There is no such request, or it was decided so before. Reload the list.")
    return Refused(message, code="not_found", status=404)


def own_requests(user: User) -> QuerySet[AccessRequest]:
    """What `user` asked for, newest first, annotated `seen`: whether the repository is still there for this person."""
    seen = Repository.objects.filter(seen_by(user), pk=OuterRef("repository"))
    rows = AccessRequest.objects.filter(user=user).select_related("repository__namespace")
    return rows.annotate(seen=Exists(seen)).order_by("-requested_at", "-id")


def email_of(request: AccessRequest) -> str:
    """The address that the owner may read: only of whoever agreed to conditions, which say so; "" of the others."""
    return request.user.email if request.conditions else ""


def labels_of(rows: QuerySet[AccessRequest], first: Iterable[str] = ()) -> list[str]:
    """Labels of the questions that people in `rows` answered, those of `first` before all others; one query."""
    label = Func(F("answers"), template="jsonb_path_query(%(expressions)s, '$[*].label')", output_field=JSONField())
    found: Any = rows.order_by().annotate(label=label).values_list("label", flat=True).distinct()
    return list(dict.fromkeys([*first, *sorted(found)]))
