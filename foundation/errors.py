"""Refusals that every way in (page, API, command) turns into a clear answer."""

import math
from datetime import datetime
from typing import Any


class Refused(Exception):  # noqa: N818 - it is an answer to a person, not a fault
    """An action that cannot be done, with a sentence for the person who asked for it.

    `code` is stable for programs; `status` is the HTTP status a page or API answers with.
    """

    code = "refused"
    status = 409

    def __init__(self, message: Any, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status

    def __str__(self) -> str:
        return str(self.message)


class RateLimited(Refused):
    """Too much in a short time: `until` is when the next one is taken, `seconds` how long until then.

    Pages, API and the hub's protocol say these seconds in the header Retry-After.
    """

    code = "rate_limited"
    status = 429

    def __init__(self, message: Any, *, until: datetime, now: datetime) -> None:
        super().__init__(message)
        self.until = until
        # Whole seconds, never too few.
        self.seconds = math.ceil((until - now).total_seconds())


class Forbidden(Refused):
    """The actor may not do this; says why in words."""

    code = "permission_denied"
    status = 403
