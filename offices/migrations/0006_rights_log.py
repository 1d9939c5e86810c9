import django.contrib.postgres.fields
from django.db import migrations, models


GUARD = """
CREATE FUNCTION rights_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of rights is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER rights_change_append_only BEFORE UPDATE OR DELETE ON offices_rightschange
    FOR EACH ROW EXECUTE FUNCTION rights_change_is_append_only();
"""
UNGUARD = """
DROP TRIGGER rights_change_append_only ON offices_rightschange;
DROP FUNCTION rights_change_is_append_only();
"""


class Migration(migrations.Migration):
    """Who gave which account what rights."""

    dependencies = [
        ('offices', '0005_place_of_each_office'),
    ]

    operations = [
        migrations.CreateModel(
            name='RightsChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by_key', models.BigIntegerField()),
                ('by_name', models.CharField(max_length=150)),
                ('user_key', models.BigIntegerField()),
                ('user_name', models.CharField(max_length=150)),
                ('given', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), size=None)),
                ('taken', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), size=None)),
            ],
            options={
                'verbose_name': 'perubahan hak',
                'verbose_name_plural': 'perubahan hak',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['-at', '-id'], name='rights_change_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('given', []), ('taken', []), _negated=True), name='rights_change_changes_something')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
