"""The fields of a dated rule of retention."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FEWEST_DAYS, MOST_DAYS = 30, 1825  # the database refuses to delete or erase sooner than after FEWEST_DAYS


class DatedRetention(models.Model):
    """From a day on, something is kept for so many days. Append-only.

    The row with the latest `since` that has come holds, of two of one day the newer; without one, usual_days.
    """

    usual_days: ClassVar[int]
    objects: ClassVar[models.Manager[Self]]
    days = models.PositiveSmallIntegerField(
        _("disimpan (hari)"), validators=[MinValueValidator(FEWEST_DAYS), MaxValueValidator(MOST_DAYS)]
    )
    since = models.DateField(_("berlaku sejak"))
    basis = models.CharField(_("dasar"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return f"{self.days}, {self.since}"

    @classmethod
    def days_on(cls, day: date) -> int:
        """Return for how many days it is kept by the rule in force on that day."""
        rule = cls.objects.filter(since__lte=day).first()  # the newest, by Meta.ordering
        return rule.days if rule else cls.usual_days


def retention_constraints(name: str) -> list[models.BaseConstraint]:
    """Return the constraints of a table of rules; their names begin with `name`."""
    return [
        models.CheckConstraint(condition=Q(days__range=(FEWEST_DAYS, MOST_DAYS)), name=f"{name}_bounded"),
        models.CheckConstraint(condition=~Q(basis=""), name=f"{name}_has_a_basis"),
    ]
