"""A page that says “ok” by Django without middleware: what the yardstick asks for, on one core as it was there."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def trivial(_request: HttpRequest) -> HttpResponse:
    """No database, no template, no session."""
    return HttpResponse("ok", headers={"Content-Length": "2"})


urlpatterns = [path("", trivial)]
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
settings.configure(ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="of nothing")
application = get_wsgi_application()
