"""Shifts of the room, their handovers, and the log book."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("discipline_handover", "discipline_handoversignature", "discipline_logentry")
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
        ('discipline', '0045_complaints'),
        ('offices', '0019_members_of_agencies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('snapshot', models.JSONField()),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='catatan')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'serah terima',
                'verbose_name_plural': 'serah terima',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='HandoverSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_at', models.DateTimeField()),
                ('handover', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='discipline.handover')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'tanda terima giliran',
                'verbose_name_plural': 'tanda terima giliran',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('squad', models.CharField(max_length=60, verbose_name='regu')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('chief', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'giliran jaga',
                'verbose_name_plural': 'giliran jaga',
                'ordering': ['-started_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField(max_length=2000, verbose_name='catatan')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shift', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='discipline.shift')),
            ],
            options={
                'verbose_name': 'catatan buku jaga',
                'verbose_name_plural': 'catatan buku jaga',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='handover',
            name='shift',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handover', to='discipline.shift'),
        ),
        migrations.CreateModel(
            name='ShiftMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.agency')),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='discipline.shift')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'petugas jaga',
                'verbose_name_plural': 'petugas jaga',
                'ordering': ['since', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('ended_at',), name='shift_one_open', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='shift_in_order'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.CheckConstraint(condition=models.Q(('squad', ''), _negated=True), name='shift_has_a_squad'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['-at', '-id'], name='log_entry_newest'),
        ),
        migrations.AddConstraint(
            model_name='logentry',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='log_entry_says_something'),
        ),
        migrations.AddConstraint(
            model_name='shiftmember',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('user',), name='shift_member_once'),
        ),
        migrations.AddConstraint(
            model_name='shiftmember',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='shift_member_in_order'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
