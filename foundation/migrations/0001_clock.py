from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations

CLOCK = """
CREATE FUNCTION ombud_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT statement_timestamp() $$;
COMMENT ON FUNCTION ombud_now() IS 'The clock of Ombud. Tests replace it; nothing else does.';
"""
APPEND_ONLY = """
CREATE FUNCTION ombud_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(CLOCK, "DROP FUNCTION ombud_now()"),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION ombud_append_only()"),
    ]
