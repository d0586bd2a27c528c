"""Triggers that make a table append-only, TRUNCATE included (J6)."""


def protect(table: str) -> tuple[str, str]:
    """SQL that guards `table` against UPDATE, DELETE and TRUNCATE, and SQL that takes the guard away."""
    guard = f"""
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
      FOR EACH ROW EXECUTE FUNCTION ombud_append_only();
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
      FOR EACH STATEMENT EXECUTE FUNCTION ombud_append_only();
    """
    return guard, f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};"
