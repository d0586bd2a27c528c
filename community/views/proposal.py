"""What the pages of a pull request have in common: what is proposed, and what the viewer may do about it."""

from typing import Any

from django.http import HttpRequest

from community.models import Discussion
from community.proposal_forms import MergeForm
from community.pull_requests import Proposal, proposal_of
from foundation.errors import Refused
from repositories.access import Access

STANDING = (Discussion.Status.OPEN, Discussion.Status.DRAFT)


def proposal_context(
    request: HttpRequest, discussion: Discussion, found: Access, refused: Refused | None
) -> dict[str, Any]:
    """Context of community/changes.html and of the tabs; `refused` is why the viewer may not post here, if so."""
    return context_around(proposal_of(discussion, found), request, discussion, found, refused)


def context_around(
    proposal: Proposal | None, request: HttpRequest, discussion: Discussion, found: Access, refused: Refused | None
) -> dict[str, Any]:
    """The same for a proposal that was read already; None where it is closed to the viewer."""
    may_post = request.user.is_authenticated and refused is None and discussion.status in STANDING
    own = found.edit or (discussion.author_id == request.user.pk and not found.disabled)
    return {
        "proposal": proposal,
        "may_merge": may_post and found.edit,
        "may_change": may_post and own and proposal is not None,
        "may_open": may_post and own and discussion.status == Discussion.Status.DRAFT,
        "merge_form": MergeForm(initial={"title": f"{discussion.title} (#{discussion.number})"}),
    }
