"""The log of rights: who gave which account what, or took it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RightsChange(models.Model):
    """One account's rights before and after one request to the administration. Append-only.

    A right is a word of rights_log.Right, with a colon and a name where there are several. Accounts are named and not
    referred to, so that they can be deleted while the log stays unchanged.
    """

    at = models.DateTimeField()
    by_key = models.BigIntegerField()
    by_name = models.CharField(max_length=150)
    user_key = models.BigIntegerField()
    user_name = models.CharField(max_length=150)  # after the change, or before a deletion
    given = ArrayField(models.CharField(max_length=400))
    taken = ArrayField(models.CharField(max_length=400))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("perubahan hak")
        indexes = [models.Index(fields=["-at", "-id"], name="rights_change_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(given=[], taken=[]), name="rights_change_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.user_name}"
