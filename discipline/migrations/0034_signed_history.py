from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION signing_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND is_being_forgotten(
        (SELECT month::timestamp AT TIME ZONE 'Asia/Jakarta' FROM discipline_monthreport WHERE id = OLD.report_id)
    ) AND NOT EXISTS (
        SELECT 1 FROM discipline_signingstep AS step, discipline_demohistory AS history
        WHERE step.report_id = OLD.report_id AND history.forgotten_at IS NULL AND {condition}
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was signed is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
# Steps before the demo began are made up, too.
NOW = FUNCTION.format(condition='step.at >= history."until" AND step.at < history.made_at')
BEFORE = FUNCTION.format(condition="step.at < history.made_at")


class Migration(migrations.Migration):
    dependencies = [("discipline", "0033_new_letter")]

    operations = [migrations.RunSQL(NOW, BEFORE)]
