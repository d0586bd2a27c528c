"""The policy, published in the product (J1)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.policy.models import NOTICE
from moderation.policy.queries import active_clauses, version_in_force, versions
from moderation.policy.words import by_track


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Code of conduct, clauses by track with their consequences, and the versions; two queries."""
    in_force = version_in_force()
    rows = list(versions())
    return render(
        request,
        "policy/policy.html",
        {
            "tracks": by_track(active_clauses()),
            "in_force": in_force,
            "coming": [row for row in reversed(rows) if row.effective_at > in_force.effective_at],
            "versions": rows,
            "notice_days": NOTICE.days,
            "contest_days": in_force.contest_within.days,
        },
    )
