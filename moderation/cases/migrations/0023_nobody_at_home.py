"""Nobody decides about own content, own reports, or what lies in an own repository or an own organization's (issue 5)."""

from importlib import import_module

from django.db import migrations

# Who manages the place answers for it: what others say there is for somebody else to judge.
# In PL/pgSQL, which keeps its plan: before PostgreSQL 18 a function in SQL is planned at each call, a millisecond each.
LIES_WITH = """
CREATE FUNCTION cases_lies_with(about bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM subjects_subject subject
        LEFT JOIN community_comment comment ON comment.id = subject.comment_id
        LEFT JOIN community_discussion place ON place.id = COALESCE(subject.discussion_id, comment.discussion_id)
        JOIN repositories_repository home ON home.id = COALESCE(subject.repository_id, place.repository_id)
        JOIN accounts_namespace holder ON holder.id = home.namespace_id
        WHERE subject.id = about AND (holder.user_id = person OR EXISTS (
            SELECT FROM accounts_membership member
            WHERE member.organization_id = holder.organization_id AND member.user_id = person
        ))
    );
END
$$;
"""
# The part that a person has in a case, whatever became of the columns that lists read.
STAKE = """
CREATE FUNCTION cases_has_stake(about bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM cases_case one WHERE one.id = about AND (
            one.author_id = person
            OR EXISTS (
                SELECT FROM accounts_membership member
                WHERE member.organization_id = one.organization_id AND member.user_id = person
            )
            OR EXISTS (
                SELECT FROM cases_casereport part JOIN reports_report report ON report.id = part.report_id
                WHERE part.case_id = one.id AND report.reporter_id = person
            )
            OR cases_lies_with(one.subject_id, person)
        )
    );
END
$$;
"""
# Whoever is asked whether somebody else could decide is not offered somebody who could not.
FORMER = import_module("moderation.cases.migrations.0022_not_by").SOMEBODY_ELSE.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
SOMEBODY_ELSE = FORMER.replace(
    "            AND (lane.group_id IS NULL",
    "            AND NOT cases_lies_with(one.subject_id, person.id)\n            AND (lane.group_id IS NULL",
)
GUARD = """
CREATE FUNCTION cases_decided_without_stake() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint;
BEGIN
    IF TG_TABLE_NAME = 'cases_decision' THEN
        about := NEW.case_id;
    ELSE
        SELECT case_id INTO about FROM cases_decision WHERE id = NEW.decision_id;
    END IF;
    -- The named actor of automation has a part in nothing: what our screening reported is its own report.
    IF cases_has_stake(about, NEW.actor_id)
        AND NOT EXISTS (SELECT FROM accounts_user WHERE id = NEW.actor_id AND username = 'ombud')
    THEN
        RAISE EXCEPTION 'case_decided_without_stake: somebody without a part in it has to decide case %', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_decided_without_stake', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_decided_without_stake BEFORE INSERT OR UPDATE OF actor_id, case_id ON cases_decision
FOR EACH ROW WHEN (NOT NEW.interim) EXECUTE FUNCTION cases_decided_without_stake();
CREATE TRIGGER cases_confirmed_without_stake BEFORE INSERT OR UPDATE OF actor_id, decision_id ON cases_confirmation
FOR EACH ROW WHEN (NEW.actor_id IS NOT NULL) EXECUTE FUNCTION cases_decided_without_stake();
"""
UNGUARD = """
DROP TRIGGER cases_confirmed_without_stake ON cases_confirmation;
DROP TRIGGER cases_decided_without_stake ON cases_decision;
DROP FUNCTION cases_decided_without_stake();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0022_not_by"),
        ("accounts", "0011_signed_path"),
        ("community", "__first__"),
        ("repositories", "__first__"),
        ("subjects", "0006_quarantine"),
        ("reports", "0008_quarantine"),
    ]
    operations = [
        migrations.RunSQL(LIES_WITH, "DROP FUNCTION cases_lies_with(bigint, bigint)"),
        migrations.RunSQL(STAKE, "DROP FUNCTION cases_has_stake(bigint, bigint)"),
        migrations.RunSQL(SOMEBODY_ELSE, FORMER),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
