"""Notices name a place and the board counts by office, so that both also speak of kecamatan offices.

The versions begin again at 0: boards that are open get a snapshot. Going back forgets of which kecamatan office a
notice was.
"""

import django.db.models.deletion
from django.db import migrations, models

TO_PLACE = """
UPDATE discipline_delivery AS one SET place_id = place.id
FROM offices_place AS place WHERE place.kelurahan_id = one.kelurahan_id;
-- Checks that wait for the commit would refuse the change of the table.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
TO_KELURAHAN = """
UPDATE discipline_delivery AS one SET kelurahan_id = place.kelurahan_id
FROM offices_place AS place WHERE place.id = one.place_id;
-- Checks that wait for the commit would refuse the change of the table.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ('discipline', '0035_tour_seen'),
        ('offices', '0013_given_password'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='place',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.place'),
        ),
        migrations.RunSQL(TO_PLACE, TO_KELURAHAN),
        migrations.RemoveField(model_name='delivery', name='kelurahan'),
        migrations.DeleteModel(name='BoardVersion'),
        migrations.CreateModel(
            name='BoardVersion',
            fields=[
                ('office', models.BigIntegerField(primary_key=True, serialize=False)),
                ('version', models.PositiveBigIntegerField(default=0)),
            ],
        ),
    ]
