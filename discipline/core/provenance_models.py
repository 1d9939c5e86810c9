"""The mark of what was made up for the demo."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


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
