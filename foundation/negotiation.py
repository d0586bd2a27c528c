"""Which shape an answer has: JSON, for whoever takes it."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

# What most programs send: it needs no comparing.
_USUAL = ("*/*", "application/json")


class Negotiation(DefaultContentNegotiation):
    """Django REST framework's, with the answer at hand where an endpoint has one shape and the program takes any."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> Any:
        offered = list(renderers)
        usual = request.META.get("HTTP_ACCEPT", "*/*") in _USUAL and "format" not in request.GET and not format_suffix
        if usual and len(offered) == 1 and offered[0].media_type == "application/json":
            return offered[0], "application/json"
        return super().select_renderer(request, offered, format_suffix)
