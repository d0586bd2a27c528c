"""The row of a pull request while it changes, and what must hold for that."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.ending import is_due, settle
from community.models import Discussion
from foundation.errors import Forbidden, Refused
from repositories.access import require_see
from repositories.models import long_columns


def locked(discussion: Discussion) -> Discussion:
    """The row, locked, with its repository and what it proposes. Raises Refused for a discussion."""
    # First the lock, then the rows: one statement would wait for the discussion and still see what it proposed before.
    Discussion.objects.select_for_update(no_key=True).values_list("pk").filter(pk=discussion.pk).first()
    rows = Discussion.objects.select_related("repository__namespace", "pull_request")
    rows = rows.defer(*long_columns("repository"))
    row = rows.filter(pk=discussion.pk, is_pull_request=True).first()
    if row is not None and is_due(row):
        settle(row)
        row = rows.get(pk=row.pk)
    if row is None:
        raise Refused(_("This is a discussion, not a pull request."), code="not_pull_request", status=404)
    return row


def require_own(row: Discussion, actor: User) -> None:
    """Raise Forbidden unless `actor` opened the pull request or edits the repository."""
    if not require_see(row.repository, actor).edit and row.author_id != actor.pk:
        raise Forbidden(_("Only its opener and the owner can change what this pull request proposes."))


def require_standing(row: Discussion) -> None:
    """Raise Refused when it is closed or merged."""
    if row.status in (Discussion.Status.CLOSED, Discussion.Status.MERGED):
        raise Refused(_("This pull request is closed or merged: open a new one."), code="closed")
