"""Who may decide is asked with one statement: there were four, in five functions, at each decision (D1, G2)."""

from importlib import import_module

from django.db import migrations

from foundation.guards import pin

BEFORE = [import_module(f"moderation.cases.migrations.{name}") for name in ("0022_not_by", "0023_nobody_at_home")]
FORMER = "".join(one.GUARD for one in BEFORE)
WITHOUT_FORMER = "".join(one.UNGUARD for one in BEFORE)

# The parts of cases_has_stake() and cases_lies_with(), which others ask for still, and of cases_left_to_others().
GUARD = """
CREATE FUNCTION cases_decided_by_whom() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint;
    judged boolean;
    has_stake boolean;
BEGIN
    IF TG_TABLE_NAME = 'cases_decision' THEN
        about := NEW.case_id;
    ELSE
        SELECT case_id INTO about FROM cases_decision WHERE id = NEW.decision_id;
    END IF;
    SELECT NEW.actor_id = ANY (one.not_by) AND cases_somebody_else(one.id, one.not_by),
        one.author_id = NEW.actor_id OR holder.user_id = NEW.actor_id
        OR EXISTS (
            SELECT FROM accounts_membership member WHERE member.user_id = NEW.actor_id
            AND member.organization_id IN (one.organization_id, holder.organization_id)
        )
        OR EXISTS (
            SELECT FROM cases_casereport part JOIN reports_report report ON report.id = part.report_id
            WHERE part.case_id = one.id AND report.reporter_id = NEW.actor_id
        )
    INTO judged, has_stake
    FROM cases_case one
    LEFT JOIN subjects_subject subject ON subject.id = one.subject_id
    LEFT JOIN community_comment comment ON comment.id = subject.comment_id
    LEFT JOIN community_discussion place ON place.id = COALESCE(subject.discussion_id, comment.discussion_id)
    LEFT JOIN repositories_repository home ON home.id = COALESCE(subject.repository_id, place.repository_id)
    LEFT JOIN accounts_namespace holder ON holder.id = home.namespace_id
    WHERE one.id = about;
    IF judged THEN
        RAISE EXCEPTION 'case_decided_by_another: somebody who was not wrong about it has to decide case %', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_decided_by_another', TABLE = TG_TABLE_NAME;
    END IF;
    -- The named actor of automation has a part in nothing: what our screening reported is its own report.
    IF has_stake AND NOT EXISTS (SELECT FROM accounts_user WHERE id = NEW.actor_id AND username = 'ombud') THEN
        RAISE EXCEPTION 'case_decided_without_stake: somebody without a part in it has to decide case %', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_decided_without_stake', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_decided_by_whom BEFORE INSERT OR UPDATE OF actor_id, case_id ON cases_decision
FOR EACH ROW WHEN (NOT NEW.interim) EXECUTE FUNCTION cases_decided_by_whom();
CREATE TRIGGER cases_confirmed_by_whom BEFORE INSERT OR UPDATE OF actor_id, decision_id ON cases_confirmation
FOR EACH ROW WHEN (NEW.actor_id IS NOT NULL) EXECUTE FUNCTION cases_decided_by_whom();
"""
UNGUARD = """
DROP TRIGGER cases_confirmed_by_whom ON cases_confirmation;
DROP TRIGGER cases_decided_by_whom ON cases_decision;
DROP FUNCTION cases_decided_by_whom();
"""
_PINNED = pin("cases_decided_by_another", "cases_decided_without_stake")


class Migration(migrations.Migration):
    dependencies = [("cases", "0027_no_index_twice")]
    operations = [
        migrations.RunSQL(WITHOUT_FORMER, FORMER + _PINNED.sql),
        migrations.RunSQL(GUARD, UNGUARD),
        pin("cases_decided_by_whom"),
    ]
