from django.db import migrations, models


MARK = """
CREATE FUNCTION demo_history_is_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM discipline_flip WHERE at < NEW.until)
            OR EXISTS (SELECT 1 FROM discipline_alert WHERE LEAST(since, raised_at) < NEW.until)
            OR EXISTS (SELECT 1 FROM discipline_decision WHERE at < NEW.until)
        THEN
            RAISE EXCEPTION 'a made-up history begins where nothing stood before'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.forgotten_at IS NULL
        AND (OLD.id, OLD.seed, OLD.first_day, OLD.last_day, OLD.until, OLD.made_at)
            = (NEW.id, NEW.seed, NEW.first_day, NEW.last_day, NEW.until, NEW.made_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the mark of a made-up history stays' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER demo_history_alone BEFORE INSERT OR UPDATE OR DELETE ON discipline_demohistory
    FOR EACH ROW EXECUTE FUNCTION demo_history_is_alone();
CREATE OR REPLACE FUNCTION decision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('sidak.forget_demo', true) = 'on' AND EXISTS (
        SELECT 1 FROM discipline_alert, discipline_demohistory
        WHERE discipline_alert.id = OLD.alert_id AND raised_at < until AND forgotten_at IS NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'decisions are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
UNMARK = """
CREATE OR REPLACE FUNCTION decision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'decisions are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER demo_history_alone ON discipline_demohistory;
DROP FUNCTION demo_history_is_alone();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0014_plan_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='DemoHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.BigIntegerField()),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('until', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('forgotten_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'riwayat contoh',
                'verbose_name_plural': 'riwayat contoh',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('forgotten_at', None)), fields=('forgotten_at',), name='history_only_one', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='history_ends_after_start')],
            },
        ),
        migrations.RunSQL(MARK, UNMARK),
    ]
