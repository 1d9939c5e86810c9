"""How open boards notice that they missed something."""

from collections.abc import Iterable

from django.db import connections, models

from offices.places.models import Kelurahan


class BoardVersionManager(models.Manager["BoardVersion"]):
    def increment(self, offices: Iterable[int]) -> dict[int, int]:
        """Add 1 to the version of each office, and return the new ones by office.

        Call it after the commit of what is announced, outside a transaction: the rows stay locked until its end.
        """
        table, office_table = self.model._meta.db_table, Kelurahan._meta.db_table
        with connections[self.db].cursor() as cursor:
            # One statement, locking in the order of the offices: two announcements never wait for each other.
            cursor.execute(
                f"INSERT INTO {table} AS known (kelurahan_id, version)"  # noqa: S608 the names are the models' own
                f" SELECT id, 1 FROM {office_table} WHERE id = ANY(%s) ORDER BY id"
                " ON CONFLICT (kelurahan_id) DO UPDATE SET version = known.version + 1 RETURNING kelurahan_id, version",
                [list(offices)],
            )
            return dict(cursor.fetchall())


class BoardVersion(models.Model):
    """How many announcements there were of an office: what open boards compare to see that they missed one.

    It is incremented after the commit of what is announced. Whoever reads it before the rows of the board therefore
    has all that was announced up to it. An office without a row has version 0.
    """

    kelurahan = models.OneToOneField(Kelurahan, models.CASCADE, primary_key=True, related_name="board_version")
    version = models.PositiveBigIntegerField(default=0)

    objects = BoardVersionManager()

    def __str__(self) -> str:
        return f"{self.kelurahan_id}: {self.version}"
