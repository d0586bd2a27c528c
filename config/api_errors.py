"""Errors of the API in one shape: `{"type", "errors": [{"code", "detail", "attr"}]}`, each with its own status.

Beside them stands what a program needs to act on: `until` of a refusal that ends by itself, the news of a stale case.
"""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError, connections
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions

from foundation.errors import RateLimited, Refused
from moderation.cases.actions import StaleDecision
from moderation.cases.actions.bulk import InTheWay
from moderation.cases.api.bulk import ObstacleOutput
from moderation.cases.api.shapes import EventOutput
from moderation.cases.queries import without_unseen_links


class Refusal(exceptions.APIException):
    """A Refused of an action, with its own code and status; `wait` is in seconds."""

    def __init__(self, message: Any, *, code: str, status: int, wait: int | None = None) -> None:
        super().__init__(str(message), code)
        self.status_code, self.wait = status, wait


class Unavailable(exceptions.APIException):
    """The database cannot be reached: the client comes again in `wait` seconds."""

    status_code = 503
    default_code = "unavailable"
    wait = 5


class ApiErrors(ExceptionHandler):
    """Turns what actions and the database raise into answers; a decision on a stale case is told what is new."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, Refused):
            wait = exc.seconds if isinstance(exc, RateLimited) else None
            return Refusal(exc.message, code=exc.code, status=exc.status, wait=wait)
        if isinstance(exc, DjangoValidationError):
            return exceptions.ValidationError(exc.messages)
        if isinstance(exc, ProtectedError):
            return Refusal(_("Other things depend on this, so it stays."), code="protected", status=409)
        if isinstance(exc, OperationalError | InterfaceError):
            connections.close_all()
            return Unavailable(_("We cannot reach our database right now. Please try again in a few seconds."))
        return super().convert_known_exceptions(exc)  # type: ignore[no-any-return]

    def format_exception(self, exc: exceptions.APIException) -> dict[str, Any]:
        data: dict[str, Any] = super().format_exception(exc)
        for error in data["errors"]:
            # An error repeats what was sent, and half a character (a lone surrogate) cannot be said back.
            error["detail"] = error["detail"].encode(errors="replace").decode()
        if isinstance(self.exc, Refused) and hasattr(self.exc, "until"):
            data["until"] = self.exc.until
        if isinstance(self.exc, StaleDecision):
            data["version"] = self.exc.case.version
            # What is new as this person may see it: of a linked case that is not for them, no id (C1, C9).
            seen = without_unseen_links(self.exc.events, self.context["request"].user)
            data["events"] = EventOutput(seen, many=True).data
        if isinstance(self.exc, InTheWay):
            data["obstacles"] = ObstacleOutput(self.exc.obstacles, many=True).data
        return data
