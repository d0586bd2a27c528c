"""Between tests with real transactions: the tables are emptied, and what migrations loaded is as it was.

Django would truncate every table and load those rows again one by one, a second and more for each test. Nearly every
test writes into a few tables; only these are emptied here, row by row, which costs some milliseconds.
"""

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

# Where the rows that migrations loaded are kept; nobody's search path leads there.
KEPT = "kept_for_tests"


class Emptying:
    """Made once, when the database is as the migrations left it."""

    def __init__(self) -> None:
        self.tables = sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE; CREATE SCHEMA {KEPT}")
        filled = self._answers(" UNION ALL ".join(map(_has_rows, self.tables)))
        self.loaded = {table: self._columns(table) for table in filled}
        with connection.cursor() as cursor:
            for table in self.loaded:
                cursor.execute(f"CREATE TABLE {KEPT}.{table} AS TABLE {table}")
        # Triggers that forbid a deletion, or write something down about it.
        self.guarded = self._answers(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 8 > 0"
        )
        self.written = " UNION ALL ".join(
            _has_changed(table) if table in self.loaded else _has_rows(table) for table in self.tables
        )

    def empty(self) -> None:
        """Empty what a test wrote into, in spite of the guards; the owner of a table may switch them off.

        Waits for transactions that are still running elsewhere, such as a request whose page is closed already. Who
        waits for us meanwhile goes first, as often as that happens.
        """
        while True:
            try:
                return self._empty()
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise

    def _empty(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(self.tables)} IN ACCESS EXCLUSIVE MODE")
            written = self._answers(self.written)
            guarded = [table for table in written if table in self.guarded]
            cursor.execute(
                ";".join(
                    [
                        "SET CONSTRAINTS ALL DEFERRED",
                        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded),
                        *(f"DELETE FROM {table}" for table in written),
                        *(self._bring_back(table) for table in written if table in self.loaded),
                        "SET CONSTRAINTS ALL IMMEDIATE",
                        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded),
                    ]
                )
            )

    def _bring_back(self, table: str) -> str:
        columns = self.loaded[table]
        return f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {KEPT}.{table}"

    def _columns(self, table: str) -> str:
        """The columns of a table that may be written."""
        return ", ".join(
            self._answers(
                f"SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '{table}'::regclass"
                " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
            )
        )

    def _answers(self, query: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return [answer for (answer,) in cursor.fetchall()]


def _has_rows(table: str) -> str:
    return f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"


def _has_changed(table: str) -> str:
    rows, kept = f"SELECT one::text FROM {table} one", f"SELECT one::text FROM {KEPT}.{table} one"
    fewer = f"(SELECT count(*) FROM {table}) <> (SELECT count(*) FROM {KEPT}.{table})"
    return f"SELECT '{table}' WHERE {fewer} OR EXISTS ({rows} EXCEPT ALL {kept})"
