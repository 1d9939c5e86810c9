from django.db import migrations, models


TABLES = (
    "offices_fileaccess",
    "offices_rightschange",
    "streams_evidence",
    "streams_evidencehead",
    "streams_evidenceopening",
    "streams_view",
    "streams_viewreason",
    "discipline_flip",
    "discipline_alert",
    "discipline_alert_evidence",
    "discipline_decision",
    "discipline_attachment",
    "discipline_retention",
    "discipline_legalhold",
    "discipline_spotentry",
    "discipline_findingword",
    "discipline_monthsnapshot",
    "discipline_signingstep",
    "discipline_planchange",
    "discipline_signedhead",
)
REFUSE = """
CREATE FUNCTION table_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(f"DROP TRIGGER never_truncated ON {table};\n" for table in TABLES) + """
DROP FUNCTION table_is_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0007_file_access'),
        ('streams', '0015_view_of_pictures'),
        ('discipline', '0029_incident_doubts'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignedHead',
            fields=[
                ('sequence', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('line', models.TextField()),
                ('mailed_at', models.DateTimeField(null=True)),
                ('posted_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['sequence'],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
