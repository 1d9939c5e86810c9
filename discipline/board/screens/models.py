"""Screens, and what was put on them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 40


def tidy_name(name: str) -> str:
    """Return the name of a screen without needless spaces, not too long."""
    return " ".join(name.split())[:LONGEST_NAME]


class WallScreen(models.Model):
    """A wall that has a name. Each account has screens of its own, so that no other can pass for one of them.

    - seen_at: when its page was last connected, None since it was closed.
    - channel: of the page's socket; of two pages with this name the one that came last.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("nama layar"), max_length=LONGEST_NAME)
    seen_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = _("layar")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="wall_screen_once")]

    def __str__(self) -> str:
        return self.name


class ScreenSpotlight(models.Model):
    """What an operator put on a screen: an item of another room, its place and the cameras near it.

    - key: of the item, as its room names it. title, place: what the screen says about it.
    - places: ids of places with cameras, the nearest first.
    - taken_at: when the screen showed it, None while it has not. ended_by: None for one that lasted until `until`.
    """

    screen = models.ForeignKey(WallScreen, models.CASCADE, related_name="spotlights")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=240)
    place = models.CharField(max_length=240, blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    places = ArrayField(models.BigIntegerField(), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("sorotan layar")
        constraints = [
            models.UniqueConstraint(fields=["screen"], condition=Q(ended_at=None), name="screen_spotlight_one"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="screen_spotlight_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.screen}: {self.key}"
