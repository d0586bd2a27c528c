"""What the endpoints of the community tab share: who may ask, and finding a repository by id or address (K1)."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from accounts.authentication import HasScope
from foundation.api import Endpoint
from repositories import queries
from repositories.access import Viewer, not_found, seen_by
from repositories.models import Repository

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of yours; the same request sent again under it posts once. `request_id` does the same.",
)

ADDRESS = [
    OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=("models", "datasets", "spaces")),
    OpenApiParameter("owner", str, OpenApiParameter.PATH),
    OpenApiParameter("name", str, OpenApiParameter.PATH),
]


class TabEndpoint(Endpoint):
    """Whoever sees the repository reads, without a token too; a token needs the scope `write` to change something."""

    permission_classes = (IsAuthenticatedOrReadOnly, HasScope)


def find_repository(viewer: Viewer, *, repository_id: UUID | None = None, **address: str) -> Repository:
    """The repository of this id, or at this address: `kind`, `owner` and `name`. One query.

    Raises the same 404 for a missing one and one that `viewer` does not see (A2), Removed as queries.find.
    """
    if repository_id is None:
        return queries.find(viewer=viewer, **address)
    seen = Repository.objects.filter(seen_by(viewer, even_removed=True)).select_related("namespace")
    repository = seen.filter(public_id=repository_id).first()
    if repository is None:
        raise not_found()
    return queries.still_there(repository, viewer)
