"""The names inside the embedded database, and the SQL that makes them (`roles.sql`, `grants.sql`)."""

from collections.abc import Mapping
from pathlib import Path

SUPERUSER = "postgres"
OWNER = "ombud_owner"
APPLICATION = "ombud_app"
DATABASE = "ombud"

_HERE = Path(__file__).parent


def roles_sql(passwords: Mapping[str, str], *, tests: bool) -> str:
    """Input for psql: the roles and the database. `passwords` are URL-safe, so they need no quoting.

    They travel through standard input: a command line can be read by every user of the machine.
    """
    variables = {OWNER: passwords[OWNER], APPLICATION: passwords[APPLICATION], "tests": str(tests).lower()}
    lines = [f"\\set {name} '{value}'" for name, value in variables.items()]
    return "\n".join([*lines, (_HERE / "roles.sql").read_text()])


def grants_sql() -> str:
    """Input for psql, once in each database: extensions and privileges."""
    return (_HERE / "grants.sql").read_text()
