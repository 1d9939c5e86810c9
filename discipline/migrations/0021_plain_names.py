from django.db import migrations, models


class Migration(migrations.Migration):
    """Rename fields of the models; the columns keep their names, so that nothing is executed in the database.

    RenameField leaves conditions and constraints alone. They are replaced in the state only: in the database they
    refer to columns.
    """

    dependencies = [
        ('discipline', '0020_report_file_codes'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name='alert', name='alert_outbox'),
                migrations.RemoveConstraint(model_name='delivery', name='delivery_once'),
            ],
        ),
        migrations.AlterField(
            model_name='alert',
            name='told_at',
            field=models.DateTimeField(db_column='told_at', null=True),
        ),
        migrations.RenameField(model_name='alert', old_name='told_at', new_name='notices_queued_at'),
        migrations.AlterField(
            model_name='systemincident',
            name='told_at',
            field=models.DateTimeField(db_column='told_at', null=True),
        ),
        migrations.RenameField(model_name='systemincident', old_name='told_at', new_name='notices_queued_at'),
        migrations.AlterField(
            model_name='delivery',
            name='matter',
            field=models.CharField(db_column='matter', max_length=40),
        ),
        migrations.RenameField(model_name='delivery', old_name='matter', new_name='subject_key'),
        migrations.AlterField(
            model_name='spotentry',
            name='said_at',
            field=models.DateTimeField(db_column='said_at'),
        ),
        migrations.RenameField(model_name='spotentry', old_name='said_at', new_name='entered_at'),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name='alert',
                    index=models.Index(
                        condition=models.Q(('notices_queued_at', None)), fields=['id'], name='alert_outbox'
                    ),
                ),
                migrations.AddConstraint(
                    model_name='delivery',
                    constraint=models.UniqueConstraint(
                        fields=('user', 'subject_key', 'channel', 'device'),
                        name='delivery_once',
                        nulls_distinct=False,
                    ),
                ),
            ],
        ),
    ]
