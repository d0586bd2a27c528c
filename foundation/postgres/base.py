"""Django's PostgreSQL, but for one thing: a connection that answered a moment ago is not asked whether it is alive."""

import time
from typing import Any

from django.db.backends.postgresql import base

# Seconds for which what answered counts as alive. What breaks within them is answered 503, see config.middleware.
FRESH = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Checks its health (CONN_HEALTH_CHECKS) when it was idle for FRESH seconds, not before every request."""

    _asked_at = _answered_at = float("-inf")

    def is_usable(self) -> bool:
        if not self.errors_occurred and time.monotonic() - self._answered_at < FRESH:
            return True
        return bool(super().is_usable())

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)  # type: ignore[misc]
        self._asked_at = time.monotonic()
        return cursor

    def close_if_unusable_or_obsolete(self) -> None:
        """Called before and after every request: where nothing failed until then, what was asked was answered."""
        if not self.errors_occurred:
            self._answered_at = self._asked_at
        super().close_if_unusable_or_obsolete()
