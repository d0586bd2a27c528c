"""Pages that belong to no room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /api/
Disallow: /appeal
Disallow: /appeals
Disallow: /cases
Disallow: /inbox
Disallow: /report/
Disallow: /reports
Disallow: /search
Disallow: /settings/
"""


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose protection token is missing or too old; says what to do."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines need not read: forms, searches, private pages."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
