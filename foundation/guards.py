"""Functions of the database that guard a rule: what they read is our tables, whoever asks (J6)."""

from django.db.migrations.operations.special import RunSQL

# A session may have tables of its own of the same names, which PostgreSQL would look at first.
_PIN = """
DO $$ BEGIN EXECUTE format('ALTER FUNCTION {name}() SET search_path = %I, pg_temp', current_schema()); END $$;
"""


def pin(*names: str) -> RunSQL:
    """The operation after which these trigger functions read the tables of our schema, and no temporary ones."""
    there = "".join(_PIN.format(name=name) for name in names)
    back = "".join(f"ALTER FUNCTION {name}() RESET search_path;" for name in names)
    return RunSQL(there, back)
