"""The details of a point belong to a place of kind "point", never to an office; an office alone proposes as an office."""

from django.db import migrations

# Also for other tables whose place_id must be a point: what the public sees is one of them.
HOLD = """
CREATE FUNCTION place_is_a_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM offices_place WHERE id = NEW.place_id AND kind = 'point') THEN
        RAISE EXCEPTION 'place % is no street point', NEW.place_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER point_place BEFORE INSERT OR UPDATE OF place_id ON offices_point
    FOR EACH ROW EXECUTE FUNCTION place_is_a_point();
CREATE FUNCTION point_is_proposed_by_an_office() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM offices_place WHERE id = NEW.proposed_by_office_id AND kind = 'point') THEN
        RAISE EXCEPTION 'place % is no office', NEW.proposed_by_office_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER point_proposer BEFORE INSERT OR UPDATE OF proposed_by_office_id ON offices_point
    FOR EACH ROW EXECUTE FUNCTION point_is_proposed_by_an_office();
"""
RELEASE = """
DROP TRIGGER point_proposer ON offices_point;
DROP FUNCTION point_is_proposed_by_an_office();
DROP TRIGGER point_place ON offices_point;
DROP FUNCTION place_is_a_point();
"""


class Migration(migrations.Migration):
    dependencies = [("offices", "0017_street_points")]

    operations = [migrations.RunSQL(HOLD, RELEASE)]
