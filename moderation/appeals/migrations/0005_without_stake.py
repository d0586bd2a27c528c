"""Nobody answers an appeal about what they have a part in: the database refuses it, as it refuses their decisions."""

from django.db import migrations

GUARD = """
CREATE FUNCTION appeals_decided_without_stake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM cases_decision decision
        WHERE decision.id = NEW.decision_id AND cases_has_stake(decision.case_id, NEW.decided_by_id)
    ) AND NOT EXISTS (SELECT FROM accounts_user WHERE id = NEW.decided_by_id AND username = 'ombud') THEN
        RAISE EXCEPTION 'appeal_decided_without_stake: somebody without a part in it has to answer appeal %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_decided_without_stake', TABLE = 'appeals_appeal';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER appeals_decided_without_stake BEFORE INSERT OR UPDATE OF decided_by_id ON appeals_appeal
FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION appeals_decided_without_stake();
"""
UNGUARD = """
DROP TRIGGER appeals_decided_without_stake ON appeals_appeal;
DROP FUNCTION appeals_decided_without_stake();
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0004_nor_earlier_in_the_case"), ("cases", "0023_nobody_at_home")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
