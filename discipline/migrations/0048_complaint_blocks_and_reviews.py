"""Blocked senders of residents' reports, and what was learnt from laying reports beside the record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("discipline_alertconfirmation", "discipline_cameramistake")
REFUSE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER append_only ON {table};\n" for table in TABLES
)


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0047_procedures_and_calls'),
        ('offices', '0020_file_access_of_recordings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='complaint',
            name='sender_address',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='complaint',
            name='sender_network',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name='AlertConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='discipline.alert')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='discipline.complaint')),
            ],
            options={
                'verbose_name': 'laporan warga yang menguatkan indikasi',
                'verbose_name_plural': 'laporan warga yang menguatkan indikasi',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('complaint', 'alert'), name='alert_confirmed_once_by_a_report')],
            },
        ),
        migrations.CreateModel(
            name='CameraMistake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mistakes', to='discipline.complaint')),
                ('counter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.counter')),
            ],
            options={
                'verbose_name': 'kekeliruan kamera',
                'verbose_name_plural': 'kekeliruan kamera',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('complaint', 'counter'), name='camera_wrong_once_for_a_report')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('value', models.CharField(max_length=200)),
                ('private', models.BooleanField()),
                ('reason', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('until', models.DateTimeField(db_index=True)),
                ('hits', models.PositiveIntegerField(default=0)),
                ('last_hit_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='discipline.complaint')),
            ],
            options={
                'verbose_name': 'pemblokiran laporan warga',
                'verbose_name_plural': 'pemblokiran laporan warga',
                'ordering': ['until', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'value', 'private'), name='complaint_block_once'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('created_at'))), name='complaint_block_ends_later'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('value', ''), _negated=True)), name='complaint_block_says_why')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
