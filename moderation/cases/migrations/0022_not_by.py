"""Who decided a case before an appeal of a reporter was upheld does not decide it anew while another could (G2)."""

import django.contrib.postgres.fields
from django.db import migrations, models

SOMEBODY_ELSE = """
-- Whether somebody of the team besides these people could decide this case: in a group that may, without a part in it.
CREATE FUNCTION cases_somebody_else(about bigint, besides bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT FROM cases_case one
        JOIN auth_permission permission ON permission.codename = 'decide'
        JOIN django_content_type kind ON kind.id = permission.content_type_id AND kind.app_label = 'cases'
        JOIN auth_group_permissions granted ON granted.permission_id = permission.id
        JOIN accounts_user_groups joined ON joined.group_id = granted.group_id
        JOIN accounts_user person ON person.id = joined.user_id AND person.is_active
        LEFT JOIN policy_lane lane ON lane.id = one.lane_id
        WHERE one.id = about AND person.id <> ALL (besides) AND person.username <> 'ombud'
            AND person.id IS DISTINCT FROM one.author_id
            AND (lane.group_id IS NULL OR EXISTS (
                SELECT FROM accounts_user_groups named WHERE named.user_id = person.id AND named.group_id = lane.group_id
            ))
            AND NOT EXISTS (
                SELECT FROM cases_casereport part JOIN reports_report report ON report.id = part.report_id
                WHERE part.case_id = one.id AND report.reporter_id = person.id
            )
            AND NOT EXISTS (
                SELECT FROM accounts_membership member
                WHERE member.user_id = person.id AND member.organization_id = one.organization_id
            )
            AND NOT EXISTS (
                SELECT FROM cases_party party WHERE party.case_id = one.id AND (
                    party.user_id = person.id OR party.organization_id IN (
                        SELECT organization_id FROM accounts_membership member WHERE member.user_id = person.id
                    )
                )
            )
    )
$$;
"""
# Inlined where it is asked of many cases: nearly none has anybody to leave it to others.
LEFT = """
CREATE FUNCTION cases_left_to_others(about bigint, not_by bigint[], person bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT person = ANY (not_by) AND cases_somebody_else(about, not_by) $$;
"""
GUARD = """
CREATE FUNCTION cases_decided_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint;
BEGIN
    IF TG_TABLE_NAME = 'cases_decision' THEN
        about := NEW.case_id;
    ELSE
        SELECT case_id INTO about FROM cases_decision WHERE id = NEW.decision_id;
    END IF;
    IF EXISTS (
        SELECT FROM cases_case one WHERE one.id = about AND cases_left_to_others(one.id, one.not_by, NEW.actor_id)
    ) THEN
        RAISE EXCEPTION 'case_decided_by_another: somebody who was not wrong about it has to decide case %', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_decided_by_another', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_decided_by_another BEFORE INSERT OR UPDATE OF actor_id, case_id ON cases_decision
FOR EACH ROW WHEN (NOT NEW.interim) EXECUTE FUNCTION cases_decided_by_another();
CREATE TRIGGER cases_confirmed_by_another BEFORE INSERT OR UPDATE OF actor_id, decision_id ON cases_confirmation
FOR EACH ROW WHEN (NEW.actor_id IS NOT NULL) EXECUTE FUNCTION cases_decided_by_another();
"""
UNGUARD = """
DROP TRIGGER cases_confirmed_by_another ON cases_confirmation;
DROP TRIGGER cases_decided_by_another ON cases_decision;
DROP FUNCTION cases_decided_by_another();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_template_ends"),
        ("accounts", "0011_signed_path"),
        ("policy", "0009_quarantine_is_for_named_people"),
        ("reports", "0008_quarantine"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AddField(
            model_name="case",
            name="not_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Who decided it before somebody who reported it contested that and was right: ids of people (G2).",  # noqa: E501
                size=None,
            ),
        ),
        migrations.RunSQL(SOMEBODY_ELSE, "DROP FUNCTION cases_somebody_else(bigint, bigint[])"),
        migrations.RunSQL(LEFT, "DROP FUNCTION cases_left_to_others(bigint, bigint[], bigint)"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
