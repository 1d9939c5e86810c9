"""Cameras and evidence chains stand at a place, zones and spans on a subject."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0005_place_of_each_office'),
        ('streams', '0008_camera_sub_url'),
    ]

    operations = [
        # A counter's subject has the counter's id: only the name of the column changes.
        migrations.RenameField('zone', 'counter', 'subject'),
        migrations.AlterField(
            model_name='zone',
            name='subject',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='zone', to='offices.subject', verbose_name='objek pantauan'),
        ),
        migrations.RenameField('occupancyspan', 'counter', 'subject'),
        migrations.AlterField(
            model_name='occupancyspan',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spans', to='offices.subject'),
        ),
        # The index follows the column; Django's state does not know it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER INDEX streams_occ_counter_8d1778_idx RENAME TO streams_occ_subject_417521_idx',
                    'ALTER INDEX streams_occ_subject_417521_idx RENAME TO streams_occ_counter_8d1778_idx',
                )
            ],
            state_operations=[
                migrations.RemoveIndex('occupancyspan', 'streams_occ_counter_8d1778_idx'),
                migrations.AddIndex(
                    'occupancyspan',
                    models.Index(fields=['subject', '-started_at'], name='streams_occ_subject_417521_idx'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='camera',
            name='kelurahan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cameras', to='offices.kelurahan'),
        ),
        migrations.AddField(
            model_name='camera',
            name='place',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cameras', to='offices.place', verbose_name='tempat'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='counter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='offices.counter'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='kelurahan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='offices.kelurahan'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='place',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='offices.place'),
        ),
        migrations.AlterField(
            model_name='evidencehead',
            name='kelurahan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence_heads', to='offices.kelurahan'),
        ),
        migrations.AddField(
            model_name='evidencehead',
            name='place',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence_heads', to='offices.place'),
        ),
    ]
