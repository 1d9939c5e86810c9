"""The change log of plans, holidays and closures: who changed what, when and why, and the effect on past days."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.places.models import Counter, Kecamatan, Kelurahan


class PlanChange(models.Model):
    """One row that was added, changed or removed. Append-only: the database refuses UPDATE and DELETE."""

    class What(models.TextChoices):
        PLAN = "hoursplan", _("Jam layanan")
        HOLIDAY = "holidayoverride", _("Hari khusus")
        CLOSURE = "closure", _("Penutupan")

    class Act(models.TextChoices):
        ADDED = "added", _("Ditambahkan")
        CHANGED = "changed", _("Diubah")
        REMOVED = "removed", _("Dihapus")

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    act = models.CharField(max_length=8, choices=Act.choices)
    what = models.CharField(max_length=16, choices=What.choices)
    row = models.BigIntegerField()  # its primary key; the row may have been deleted since
    name = models.CharField(max_length=200)
    # The scope of the row; all null: the whole city.
    kecamatan = models.ForeignKey(Kecamatan, models.PROTECT, null=True, related_name="+")
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+")
    before = models.JSONField(null=True)  # plan_facts.facts_of(row); null when it was added
    after = models.JSONField(null=True)  # null when it was removed
    reason = models.CharField(max_length=500, blank=True)
    effect = models.JSONField(default=dict)  # changes.Effect.stored of the whole change; {}: no past day affected

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("perubahan jam layanan")
        indexes = [models.Index(fields=["-at"]), models.Index(fields=["what", "row"])]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.name}"

    @property
    def scope_name(self) -> str:
        """The scope's name for display."""
        return str(self.counter or self.kelurahan or self.kecamatan or _("Seluruh kota"))
