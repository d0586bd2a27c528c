"""The database says when a case changed hands, once per transaction and after its commit (D4).

Events are asked for instead: see moderation/cases/live/reading.py.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION ombud_claim_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('ombud_cases', 'claim ' || NEW.id);
  RETURN NULL;
END $$;
-- A renewed claim is no news, one that had ended and was taken again is.
CREATE TRIGGER cases_claim_changed AFTER UPDATE OF assignee_id, lease_until ON cases_case
  FOR EACH ROW WHEN (
    OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
    OR (OLD.lease_until IS NULL) <> (NEW.lease_until IS NULL)
    OR OLD.lease_until < ombud_now()
  ) EXECUTE FUNCTION ombud_claim_changed();
"""
DROP = """
DROP TRIGGER cases_claim_changed ON cases_case;
DROP FUNCTION ombud_claim_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_tracks_and_weights")]
    operations = [migrations.RunSQL(CREATE, DROP)]
