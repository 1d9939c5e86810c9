"""The versions by which open boards notice that they missed an announcement."""

from collections.abc import Iterable

from django.db import connections, models
from django.db.models import Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from offices.places.models import Place


class BoardVersionManager(models.Manager["BoardVersion"]):
    """Manager of BoardVersion."""

    def increment(self, offices: Iterable[int]) -> dict[int, int]:
        """Add 1 to the version of each office (Place.office_id) and return the new versions by office id.

        Call it after the commit of what is announced and outside a transaction, which would keep the rows locked until
        its end.
        """
        table, place_table = self.model._meta.db_table, Place._meta.db_table
        with connections[self.db].cursor() as cursor:
            # One statement that locks in the order of ids: two announcements can't deadlock.
            cursor.execute(
                f"INSERT INTO {table} AS known (office, version)"  # noqa: S608 the names come from the models
                f" SELECT coalesce(kelurahan_id, -kecamatan_id), 1 FROM {place_table}"
                " WHERE kelurahan_id = ANY(%(offices)s) OR -kecamatan_id = ANY(%(offices)s) ORDER BY 1"
                " ON CONFLICT (office) DO UPDATE SET version = known.version + 1 RETURNING office, version",
                {"offices": list(offices)},
            )
            return dict(cursor.fetchall())


class BoardVersion(models.Model):
    """The number of announcements of an office so far. Open boards compare it to see that they missed one.

    It is incremented after the commit of what is announced. Rows that are read after it therefore include every
    announced change up to it. An office without a row here has version 0.
    """

    office = models.BigIntegerField(primary_key=True)  # Place.office_id
    version = models.PositiveBigIntegerField(default=0)

    objects = BoardVersionManager()

    def __str__(self) -> str:
        return f"{self.office}: {self.version}"


def announced_at(office: Combinable) -> Coalesce:
    """Return an expression for the version of the office with this Place.office_id, 0 without one."""
    return Coalesce(Subquery(BoardVersion.objects.filter(office=office).values("version")), 0)
