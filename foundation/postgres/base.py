"""Django's PostgreSQL, but for one thing: a connection that answered a moment ago is not asked whether it is alive."""

import time

from django.db.backends.postgresql import base

# Seconds for which what answered counts as alive. What breaks within them is answered 503, see config.middleware.
FRESH = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Checks its health (CONN_HEALTH_CHECKS) when it was idle for FRESH seconds, not before every request."""

    _answered_at = float("-inf")

    def is_usable(self) -> bool:
        if not self.errors_occurred and time.monotonic() - self._answered_at < FRESH:
            return True
        return bool(super().is_usable())

    def close_if_unusable_or_obsolete(self) -> None:
        """Called before and after every request: what was asked since the last call, and failed nothing, answered."""
        if self.connection is not None and self.health_check_done and not self.errors_occurred:  # type: ignore[attr-defined]
            self._answered_at = time.monotonic()
        super().close_if_unusable_or_obsolete()
