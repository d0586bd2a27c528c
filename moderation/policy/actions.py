from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.policy.models import NOTICE, PolicyVersion

SHORTEST_TO_CONTEST = timedelta(days=1)


def require_notice(effective_at: datetime) -> None:
    """Raise Refused when `effective_at` leaves people less than ten days from now (J1)."""
    if effective_at < clock.now() + NOTICE:
        raise Refused(
            _("People have ten days to read a change before it takes effect. Choose a later moment, or none."),
            code="too_soon",
            status=400,
        )


@transaction.atomic
def post_version(
    *,
    summary: str,
    effective_at: datetime | None = None,
    contest_within: timedelta | None = None,
    other_redress: str = "",
    actor: User,
) -> PolicyVersion:
    """Post the next version of the policy; it takes effect ten days later, or at `effective_at` (J1).

    `contest_within` is how long decisions under it can be contested, as long as before where it is not said (G2): what
    was decided under an earlier version keeps the time that people were told. `other_redress` is what people can do
    besides that, in plain words, as before where nothing is said (G1). Raises Forbidden without the permission,
    Refused when `effective_at` leaves people less than ten days, or `contest_within` is less than a day.
    """
    if not actor.has_perm("policy.add_policyversion"):
        raise Forbidden(_("Only an administrator can post a version of the policy."))
    if effective_at is not None:
        require_notice(effective_at)
    if contest_within is not None and contest_within < SHORTEST_TO_CONTEST:
        raise Refused(_("People need a day at least to contest a decision."), code="invalid", status=400)
    # Two administrators at once: the second one waits here, and then sees the number the first one took.
    PolicyVersion.objects.select_for_update().get(number=1)
    newest = PolicyVersion.objects.latest("number")
    now = clock.now()
    return PolicyVersion.objects.create(
        number=newest.number + 1,
        summary=summary,
        posted_at=now,
        effective_at=effective_at or now + NOTICE,
        contest_within=contest_within or newest.contest_within,
        other_redress=other_redress.strip() or newest.other_redress,
    )
