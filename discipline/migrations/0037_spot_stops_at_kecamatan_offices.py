"""A spot check also stops at kecamatan offices. Going back refuses while there are such stops."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ('discipline', '0036_kecamatan_offices'),
        ('offices', '0013_given_password'),
    ]

    operations = [
        migrations.AlterField(
            model_name='spotstop',
            name='kelurahan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='spot_stops', to='offices.kelurahan'),
        ),
        migrations.AddField(
            model_name='spotstop',
            name='kecamatan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.kecamatan'),
        ),
        migrations.AddConstraint(
            model_name='spotstop',
            constraint=models.UniqueConstraint(fields=('check_of', 'kecamatan'), name='spotstop_kecamatan_office_once'),
        ),
        migrations.AddConstraint(
            model_name='spotstop',
            constraint=models.CheckConstraint(condition=Q(kecamatan=None, kelurahan__isnull=False) | Q(kecamatan__isnull=False, kelurahan=None), name='spotstop_is_at_one_office'),
        ),
    ]
