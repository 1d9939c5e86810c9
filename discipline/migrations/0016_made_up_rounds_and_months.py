from django.db import migrations


# The mark of 0015 also stands for spot checks of its time, none of which may stand when it is set, and for months of
# its time that nobody had touched before it was set.
MARK = """
CREATE FUNCTION is_being_forgotten(at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT COALESCE(current_setting('sidak.forget_demo', true), '') = 'on'
        AND EXISTS (SELECT 1 FROM discipline_demohistory WHERE forgotten_at IS NULL AND at < until);
$$;
CREATE FUNCTION demo_history_has_no_rounds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM discipline_spotcheck WHERE started_at < NEW.until) THEN
        RAISE EXCEPTION 'a made-up history begins where nothing stood before'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER demo_history_rounds BEFORE INSERT ON discipline_demohistory
    FOR EACH ROW EXECUTE FUNCTION demo_history_has_no_rounds();
CREATE OR REPLACE FUNCTION spot_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND is_being_forgotten(
        (SELECT started_at FROM discipline_spotcheck WHERE id = OLD.check_of_id)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'entries of spot checks are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION finding_word_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND is_being_forgotten(
        (SELECT opened_at FROM discipline_finding WHERE id = OLD.finding_id)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'words to findings are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION signing_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND is_being_forgotten(
        (SELECT month::timestamp AT TIME ZONE 'Asia/Jakarta' FROM discipline_monthreport WHERE id = OLD.report_id)
    ) AND NOT EXISTS (
        SELECT 1 FROM discipline_signingstep AS step, discipline_demohistory AS history
        WHERE step.report_id = OLD.report_id AND history.forgotten_at IS NULL AND step.at < history.made_at
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was signed is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
UNMARK = """
CREATE OR REPLACE FUNCTION signing_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was signed is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION finding_word_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'words to findings are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION spot_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of spot checks are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER demo_history_rounds ON discipline_demohistory;
DROP FUNCTION demo_history_has_no_rounds();
DROP FUNCTION is_being_forgotten(timestamptz);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0015_demo_history'),
    ]

    operations = [
        migrations.RunSQL(MARK, UNMARK),
    ]
