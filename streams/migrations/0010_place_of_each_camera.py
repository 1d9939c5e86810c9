"""The place of each camera and of each link of a chain. Hashes stay: no row's contents change but for the new column.

Going back refuses when a camera or evidence is of a kecamatan office or a point: the old tables have no room for it.
"""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE streams_camera SET place_id = place.id FROM offices_place place
    WHERE place.kelurahan_id = streams_camera.kelurahan_id;
ALTER TABLE streams_evidence DISABLE TRIGGER evidence_append_only;
ALTER TABLE streams_evidencehead DISABLE TRIGGER evidence_head_append_only;
UPDATE streams_evidence SET place_id = place.id FROM offices_place place
    WHERE place.kelurahan_id = streams_evidence.kelurahan_id;
UPDATE streams_evidencehead SET place_id = place.id FROM offices_place place
    WHERE place.kelurahan_id = streams_evidencehead.kelurahan_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE streams_evidence ENABLE TRIGGER evidence_append_only;
ALTER TABLE streams_evidencehead ENABLE TRIGGER evidence_head_append_only;
"""
HOLD = """
CREATE TRIGGER camera_place BEFORE INSERT OR UPDATE OF place_id, kelurahan_id ON streams_camera
    FOR EACH ROW EXECUTE FUNCTION place_and_kelurahan_agree();
CREATE TRIGGER evidence_place BEFORE INSERT ON streams_evidence
    FOR EACH ROW EXECUTE FUNCTION place_and_kelurahan_agree();
CREATE TRIGGER evidence_head_place BEFORE INSERT ON streams_evidencehead
    FOR EACH ROW EXECUTE FUNCTION place_and_kelurahan_agree();
"""
RELEASE = """
DROP TRIGGER evidence_head_place ON streams_evidencehead;
DROP TRIGGER evidence_place ON streams_evidence;
DROP TRIGGER camera_place ON streams_camera;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0009_places'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='camera',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cameras', to='offices.place', verbose_name='tempat'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='offices.place'),
        ),
        migrations.AlterField(
            model_name='evidencehead',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_heads', to='offices.place'),
        ),
        migrations.AlterModelOptions(
            name='evidence',
            options={'ordering': ['place', 'number'], 'verbose_name': 'bukti', 'verbose_name_plural': 'bukti'},
        ),
        migrations.AlterModelOptions(
            name='evidencehead',
            options={'ordering': ['local_day', 'place']},
        ),
        migrations.AddConstraint(
            model_name='camera',
            constraint=models.UniqueConstraint(fields=('place', 'name'), name='camera_named_once_per_place'),
        ),
        migrations.RemoveConstraint(
            model_name='evidence',
            name='evidence_numbered_once_per_office',
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('place', 'number'), name='evidence_numbered_once_per_place'),
        ),
        migrations.RemoveConstraint(
            model_name='evidencehead',
            name='evidence_head_once_per_day',
        ),
        migrations.AddConstraint(
            model_name='evidencehead',
            constraint=models.UniqueConstraint(fields=('place', 'local_day'), name='evidence_head_once_per_day_and_place'),
        ),
        migrations.RunSQL(HOLD, RELEASE),
    ]
