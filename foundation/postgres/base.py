"""Django's PostgreSQL, but for a few things that cost a busy way in more than they give it.

A connection that answered a moment ago is not asked whether it is alive. Moments are read by psycopg's own loader,
which is C: Django's sets the time zone of each in Python, and connections in UTC bring it along. Long statements
are read once, not at each call: see LONGEST_KEPT. And what was prepared outlives a transaction that is rolled back.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg import _queries
from psycopg.adapt import AdaptersMap
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

# Seconds for which what answered counts as alive. What breaks within them is answered 503, see config.middleware.
FRESH = 1.0
# How many statements have a cursor of their own, see DatabaseWrapper.ask; and with how many rows at most.
CURSORS_KEPT, ROWS_KEPT = 100, 100
# psycopg keeps what it read of the 128 statements asked last, unless they are long, because an ORM makes many of these
# that are asked once. Ours (a page of cases, a decision) are few and busy; this is the longest that is kept.
LONGEST_KEPT = 32_768
_queries.MAX_CACHED_STATEMENT_LENGTH = LONGEST_KEPT
_queries.MAX_CACHED_STATEMENT_PARAMS = 200


class DatabaseWrapper(base.DatabaseWrapper):
    """Checks its health (CONN_HEALTH_CHECKS) when it was idle for FRESH seconds, not before every request.

    Connections are in UTC. Raises ImproperlyConfigured for settings that say another time zone.
    """

    _asked_at = _answered_at = float("-inf")
    _kept: dict[str, tuple[str, Any]]
    _kept_of: Any = None

    def is_usable(self) -> bool:
        if not self.errors_occurred and time.monotonic() - self._answered_at < FRESH:
            return True
        return bool(super().is_usable())

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if self.timezone != UTC:
            raise ImproperlyConfigured("foundation.postgres reads moments in UTC: leave USE_TZ on and TIME_ZONE out.")
        return params | {"context": _in_utc(params["context"])}

    def create_cursor(self, name: str | None = None) -> Any:
        """As Django's; it need not look whether moments are read in the right time zone."""
        assert self.connection is not None
        if not name:
            return self.connection.cursor()
        options: dict[str, Any] = {"name": name, "scrollable": False, "withhold": self.connection.autocommit}
        if self.settings_dict["OPTIONS"].get("server_side_binding"):
            return self.connection.cursor(**options)
        return base.ServerSideCursor(self.connection, **options)  # type: ignore[call-arg]

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)  # type: ignore[misc]
        self._asked_at = time.monotonic()
        return cursor

    def ask(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        """All rows of a statement that a busy way in asks again and again, through a cursor of its own that is kept.

        A new cursor looks up how each type of its values and columns is written and read; psycopg knows it where a
        cursor is asked the same as before. A statement that gives no rows raises ProgrammingError, after it is done.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        if self._kept_of is not self.connection:
            self._kept_of, self._kept = self.connection, {}
        if (kept := self._kept.pop(sql, None)) is None:
            with self.wrap_database_errors:
                kept = sql, self.create_cursor()
        same, cursor = kept
        self._asked_at = time.monotonic()
        self._prepare_cursor(cursor).execute(same, values)  # type: ignore[attr-defined]
        with self.wrap_database_errors:
            rows: list[Any] = cursor.fetchall()
        # Last in their order is what was asked last. A cursor holds its rows until it is asked again: not many of them.
        if len(rows) <= ROWS_KEPT:
            self._kept[same] = kept
            if len(self._kept) > CURSORS_KEPT:
                del self._kept[next(iter(self._kept))]
        return rows

    def close(self) -> None:
        self._kept_of, self._kept = None, {}
        super().close()

    def _rollback(self) -> None:
        """Roll back, and keep what was prepared: PostgreSQL does so.

        psycopg drops all of it, in case the transaction made tables anew; then one refused request makes the next
        five of every kind plan their statements again. What makes tables here is migrations, which end with that.
        """
        if self.connection is None:
            return
        with debug_transaction(self, "ROLLBACK"), self.wrap_database_errors:
            server = self.connection.pgconn
            within = server.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)
            if not within or server.exec_(b"ROLLBACK").status != ExecStatus.COMMAND_OK:
                self.connection.rollback()

    def close_if_unusable_or_obsolete(self) -> None:
        """Called before and after every request: where nothing failed until then, what was asked was answered."""
        if not self.errors_occurred:
            self._answered_at = self._asked_at
        super().close_if_unusable_or_obsolete()


@lru_cache
def _in_utc(template: AdaptersMap) -> AdaptersMap:
    """Django's adapters with psycopg's own loader of moments, which reads them as they come."""
    with_own = AdaptersMap(template)
    with_own.register_loader("timestamptz", TimestamptzLoader)
    return with_own
