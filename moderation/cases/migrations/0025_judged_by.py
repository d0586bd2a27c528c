"""Whether somebody judged a thing, or reported it, is asked of one thing at a time (G2, D4)."""

from django.db import migrations

# As a condition in a query PostgreSQL read all that a person ever decided and reported, at each claim.
# In PL/pgSQL, which keeps its plan, as cases_lies_with() does.
JUDGED_BY = """
CREATE FUNCTION cases_judged_by(about bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM cases_case one WHERE one.subject_id = about AND (
            EXISTS (
                SELECT FROM cases_decision decision
                LEFT JOIN cases_confirmation confirmation ON confirmation.decision_id = decision.id
                WHERE decision.case_id = one.id AND person IN (decision.actor_id, confirmation.actor_id)
            )
            OR EXISTS (
                SELECT FROM cases_event event
                WHERE event.case_id = one.id AND event.kind = 'decision.overturned' AND event.actor_id = person
            )
            OR EXISTS (
                SELECT FROM cases_casereport part JOIN reports_report report ON report.id = part.report_id
                WHERE part.case_id = one.id AND report.reporter_id = person
            )
        )
    );
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_events_say_rows"), ("reports", "0008_quarantine")]
    operations = [migrations.RunSQL(JUDGED_BY, "DROP FUNCTION cases_judged_by(bigint, bigint)")]
