"""Letting a reporter file as before: the limit is of the room below, and that it was lifted is an event (C4, J6)."""

from django.db import transaction

from accounts.models import User
from moderation.cases import journal
from moderation.reports.actions.limits import lift_limit
from moderation.reports.models import ReportingLimit


@transaction.atomic
def lift_reporting_limit(limit: ReportingLimit, *, actor: User) -> None:
    """Let the person file again as before. Raises Forbidden, and Refused when it holds no more."""
    lift_limit(limit, actor=actor)
    journal.note("reporting_limit.lifted", actor=actor, data={"person": limit.person.public_id.hex})
