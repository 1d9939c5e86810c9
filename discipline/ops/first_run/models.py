"""Which accounts have seen the cards of their role."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TourSeen(models.Model):
    """The account's owner put the cards of the first sign-in away."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("perkenalan yang ditutup")

    def __str__(self) -> str:
        return str(self.user)
