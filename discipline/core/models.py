"""Files that people attach, and the mark of a database with made-up data."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file that a lurah gave with an explanation, kept below settings.ATTACHMENT_DIR under a name of its own."""

    path = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=120)  # as it was called where it came from
    media_type = models.CharField(max_length=40)  # by its content
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)


class DemoHistory(models.Model):
    """Every flip, indication and decision about a time before `until` is made up. Its row outlives it, as a trace.

    The database takes such a mark only where nothing stood before `until`, never changes it, and while it stands lets
    the decisions under it go. So no mark can make a real decision deletable.
    """

    seed = models.BigIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()  # the day before the demo began to watch
    until = models.DateTimeField()  # the end of last_day
    made_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("riwayat contoh")
        constraints = [
            models.UniqueConstraint(
                fields=["forgotten_at"], condition=Q(forgotten_at=None), nulls_distinct=False, name="history_only_one"
            ),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="history_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
