"""Who decided earlier in a case answers no appeal about what it came to, while somebody else could (G2)."""

from importlib import import_module

from django.db import migrations

WHO = """
-- Everybody who answers no appeal against this decision: who decided about what it took, and, while somebody else could
-- answer, who decided about the same case before it: who made or confirmed a decision, and who overturned one.
CREATE FUNCTION appeals_left_to_others(contested bigint, besides bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH hard AS (
        SELECT appeals_decided_about(contested, besides) AS person
    ), earlier AS (
        SELECT before.id, before.actor_id FROM cases_decision own
        JOIN cases_decision before ON before.case_id = own.case_id AND before.id < own.id
        WHERE own.id = contested
    ), soft AS (
        SELECT actor_id AS person FROM earlier
        UNION
        SELECT confirmation.actor_id FROM cases_confirmation confirmation
        JOIN earlier ON earlier.id = confirmation.decision_id WHERE confirmation.actor_id IS NOT NULL
        UNION
        SELECT appeal.decided_by_id FROM appeals_appeal appeal JOIN earlier ON earlier.id = appeal.decision_id
        WHERE appeal.state IN ('upheld', 'partly') AND appeal.id <> besides
    )
    SELECT person FROM hard
    UNION
    SELECT person FROM soft WHERE (
        SELECT cases_somebody_else(own.case_id, ARRAY(
            SELECT person FROM hard
            UNION SELECT person FROM soft
            UNION SELECT appellant_id FROM appeals_appeal WHERE id = besides
        )) FROM cases_decision own WHERE own.id = contested
    )
$$;
"""
# The same as in 0003, asked of that.
BEFORE = import_module("moderation.appeals.migrations.0003_somebody_else_decides").GUARD
FUNCTION = BEFORE[BEFORE.index("CREATE FUNCTION") : BEFORE.index("CREATE TRIGGER")]
FORMER = FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
NOW = FORMER.replace("SELECT appeals_decided_about(", "SELECT appeals_left_to_others(")


class Migration(migrations.Migration):
    dependencies = [("appeals", "0003_somebody_else_decides"), ("cases", "0022_not_by")]
    operations = [
        migrations.RunSQL(WHO, "DROP FUNCTION appeals_left_to_others(bigint, bigint)"),
        migrations.RunSQL(NOW, FORMER),
    ]
