"""One worker of several runs the migrations, half a minute of work; the others copy the database that it made."""

import fcntl
from pathlib import Path

from django.db import connection


class Turn:
    """Who makes its test database now: one worker at a time, of those that share `folder`."""

    def __init__(self, folder: Path) -> None:
        self.lock = (folder / "migrated.lock").open("w")
        self.made = folder / "migrated"  # the name of the database to copy
        self.first = False

    def take(self) -> None:
        """Wait for the turn, and have Django copy what another worker made."""
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.first = not self.made.exists()
        if not self.first:
            connection.settings_dict["TEST"]["TEMPLATE"] = self.made.read_text()

    def end(self) -> None:
        """The test database is there: the first worker leaves a copy of it to the others."""
        if self.first:
            name = connection.settings_dict["NAME"]
            connection.close()  # who copies a database wants to be alone with it
            self._admin(f'DROP DATABASE IF EXISTS "{name}_copy"', f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
            self.made.write_text(f"{name}_copy")
        fcntl.flock(self.lock, fcntl.LOCK_UN)

    def clean(self) -> None:
        """At the end of the session the copy goes; whoever comes later begins anew."""
        if self.first:
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            self._admin(f'DROP DATABASE IF EXISTS "{self.made.read_text()}"')
            self.made.unlink()
        self.lock.close()

    def _admin(self, *statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
