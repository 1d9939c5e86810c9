"""A place of each kelurahan and kecamatan office, a subject of each counter; then the rules that hold them together.

Going back refuses when a counter stands at a kecamatan office: the old tables have no room for it.
"""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO offices_place (kind, kelurahan_id, point_code, point_name)
    SELECT 'kelurahan', id, '', '' FROM offices_kelurahan ORDER BY code;
INSERT INTO offices_place (kind, kecamatan_id, point_code, point_name)
    SELECT 'kecamatan', id, '', '' FROM offices_kecamatan ORDER BY code;
UPDATE offices_counter SET place_id = place.id FROM offices_place place
    WHERE place.kelurahan_id = offices_counter.kelurahan_id;
INSERT INTO offices_subject (id, kind, place_id, counter_id)
    SELECT id, 'counter', place_id, id FROM offices_counter;
SET CONSTRAINTS ALL IMMEDIATE;
"""
EMPTY = """
DELETE FROM offices_subject;
UPDATE offices_counter SET place_id = NULL WHERE kelurahan_id IS NOT NULL;
DELETE FROM offices_place WHERE kelurahan_id IS NOT NULL;
DELETE FROM offices_place place WHERE kecamatan_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM offices_counter WHERE place_id = place.id);
SET CONSTRAINTS ALL IMMEDIATE;
"""

# A table with place_id and kelurahan_id: the second repeats the place's. No counter stands at a point.
HOLD = """
CREATE FUNCTION place_and_kelurahan_agree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place offices_place%ROWTYPE;
BEGIN
    SELECT * INTO place FROM offices_place WHERE id = NEW.place_id;
    IF NEW.kelurahan_id IS DISTINCT FROM place.kelurahan_id THEN
        RAISE EXCEPTION 'kelurahan % is not that of place %', NEW.kelurahan_id, NEW.place_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_TABLE_NAME = 'offices_counter' AND place.kind = 'point' THEN
        RAISE EXCEPTION 'a counter stands in an office, not at a point' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER counter_place BEFORE INSERT OR UPDATE OF place_id, kelurahan_id ON offices_counter
    FOR EACH ROW EXECUTE FUNCTION place_and_kelurahan_agree();
CREATE FUNCTION place_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'place % stays what it is: create another one', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER place_kind BEFORE UPDATE OF kind, kelurahan_id, kecamatan_id ON offices_place FOR EACH ROW
    WHEN ((OLD.kind, OLD.kelurahan_id, OLD.kecamatan_id) IS DISTINCT FROM (NEW.kind, NEW.kelurahan_id, NEW.kecamatan_id))
    EXECUTE FUNCTION place_stays_what_it_is();
"""
RELEASE = """
DROP TRIGGER place_kind ON offices_place;
DROP FUNCTION place_stays_what_it_is();
DROP TRIGGER counter_place ON offices_counter;
DROP FUNCTION place_and_kelurahan_agree();
"""

# The subject of a counter is where the counter is, and moves with it.
TIE = """
ALTER TABLE offices_counter ADD CONSTRAINT counter_id_and_place UNIQUE (id, place_id);
ALTER TABLE offices_subject ADD CONSTRAINT subject_is_where_its_counter_is FOREIGN KEY (counter_id, place_id)
    REFERENCES offices_counter (id, place_id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
UNTIE = """
ALTER TABLE offices_subject DROP CONSTRAINT subject_is_where_its_counter_is;
ALTER TABLE offices_counter DROP CONSTRAINT counter_id_and_place;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0004_places'),
    ]

    operations = [
        migrations.RunSQL(FILL, EMPTY),
        migrations.AlterField(
            model_name='counter',
            name='place',
            field=models.ForeignKey(limit_choices_to=models.Q(('kind', 'point'), _negated=True), on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='offices.place', verbose_name='tempat'),
        ),
        migrations.AddConstraint(
            model_name='counter',
            constraint=models.UniqueConstraint(fields=('place', 'name'), name='counter_named_once_per_place'),
        ),
        migrations.RunSQL(HOLD, RELEASE),
        migrations.RunSQL(TIE, UNTIE),
    ]
