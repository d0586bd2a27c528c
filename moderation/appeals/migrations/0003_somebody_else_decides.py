"""Who decided before decides no appeal: one function says who that is, for the trigger and for the pages (G2)."""

from django.db import migrations

WHO = """
-- Everybody who decided about what this decision took: who made it, who made any other about one of its measures, before
-- or after, who confirmed one of these as the second pair of eyes, and who overturned it on another appeal.
CREATE FUNCTION appeals_decided_about(contested bigint, besides bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH same AS (
        SELECT contested AS id
        UNION
        SELECT another.decision_id FROM cases_decision_measures own
        JOIN cases_decision_measures another ON another.measure_id = own.measure_id
        WHERE own.decision_id = contested
    )
    SELECT actor_id FROM cases_decision JOIN same USING (id)
    UNION
    SELECT actor_id FROM cases_confirmation confirmation JOIN same ON same.id = confirmation.decision_id
    WHERE actor_id IS NOT NULL
    UNION
    SELECT decided_by_id FROM appeals_appeal appeal JOIN same ON same.id = appeal.decision_id
    WHERE state IN ('upheld', 'partly') AND appeal.id <> besides
$$;
"""
GUARD = """
CREATE FUNCTION appeals_decided_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_by_id = NEW.appellant_id
        OR NEW.decided_by_id IN (SELECT appeals_decided_about(NEW.decision_id, NEW.id))
        OR EXISTS (SELECT FROM accounts_user WHERE id = NEW.decided_by_id AND username = 'ombud')
        OR EXISTS (SELECT FROM accounts_membership
            WHERE user_id = NEW.decided_by_id AND organization_id = NEW.organization_id)
    THEN
        RAISE EXCEPTION 'appeal_decided_by_another: somebody who did not decide before has to answer appeal %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_decided_by_another', TABLE = 'appeals_appeal';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER appeals_decided_by_another
BEFORE INSERT OR UPDATE OF decided_by_id, decision_id, organization_id ON appeals_appeal
FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION appeals_decided_by_another();
"""
UNGUARD = """
DROP TRIGGER appeals_decided_by_another ON appeals_appeal;
DROP FUNCTION appeals_decided_by_another();
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0002_conversation"), ("cases", "0019_overturned")]
    operations = [
        migrations.RunSQL(WHO, "DROP FUNCTION appeals_decided_about(bigint, bigint)"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
