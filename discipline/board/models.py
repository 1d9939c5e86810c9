"""The versions by which open boards notice that they missed an announcement."""

from collections.abc import Iterable

from django.db import connections, models

from offices.places.models import Kelurahan


class BoardVersionManager(models.Manager["BoardVersion"]):
    """Manager of BoardVersion."""

    def increment(self, offices: Iterable[int]) -> dict[int, int]:
        """Add 1 to the version of each office (ids) and return the new versions by office id.

        Call it after the commit of what is announced and outside a transaction, which would keep the rows locked until
        its end.
        """
        table, office_table = self.model._meta.db_table, Kelurahan._meta.db_table
        with connections[self.db].cursor() as cursor:
            # One statement that locks in the order of ids: two announcements can't deadlock.
            cursor.execute(
                f"INSERT INTO {table} AS known (kelurahan_id, version)"  # noqa: S608 the names come from the models
                f" SELECT id, 1 FROM {office_table} WHERE id = ANY(%s) ORDER BY id"
                " ON CONFLICT (kelurahan_id) DO UPDATE SET version = known.version + 1 RETURNING kelurahan_id, version",
                [list(offices)],
            )
            return dict(cursor.fetchall())


class BoardVersion(models.Model):
    """The number of announcements of an office so far. Open boards compare it to see that they missed one.

    It is incremented after the commit of what is announced. Rows that are read after it therefore include every
    announced change up to it. An office without a row here has version 0.
    """

    kelurahan = models.OneToOneField(Kelurahan, models.CASCADE, primary_key=True, related_name="board_version")
    version = models.PositiveBigIntegerField(default=0)

    objects = BoardVersionManager()

    def __str__(self) -> str:
        return f"{self.kelurahan_id}: {self.version}"
